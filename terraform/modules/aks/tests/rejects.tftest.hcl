# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_a_dot" {
  command = plan

  variables {
    name = "aks.petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_a_version_without_support" {
  command = plan

  variables {
    kubernetes_version = "1.27"
  }

  expect_failures = [var.kubernetes_version]
}

run "refuses_a_version_with_a_letter" {
  command = plan

  variables {
    kubernetes_version = "v1.33"
  }

  expect_failures = [var.kubernetes_version]
}

run "refuses_an_unknown_tier" {
  command = plan

  variables {
    sku_tier = "Basic"
  }

  expect_failures = [var.sku_tier]
}

run "refuses_an_ephemeral_disk_on_a_machine_without_one" {
  command = plan

  variables {
    node_pool = { name = "apps", vm_size = "Standard_D4s_v5", os_disk = "Ephemeral", count = 3, min = 3, max = 6, zones = ["1"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_a_pool_name_with_a_hyphen" {
  command = plan

  variables {
    node_pool = { name = "pet-pool", vm_size = "Standard_D4s_v5", count = 3, min = 3, max = 6, zones = ["1"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_a_machine_of_one_core" {
  command = plan

  variables {
    node_pool = { name = "apps", vm_size = "Standard_B1s", count = 3, min = 3, max = 6, zones = ["1"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_more_nodes_than_the_most" {
  command = plan

  variables {
    node_pool = { name = "apps", vm_size = "Standard_D4s_v5", count = 9, min = 3, max = 6, zones = ["1"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_fewer_nodes_than_one" {
  command = plan

  variables {
    node_pool = { name = "apps", vm_size = "Standard_D4s_v5", count = 0, min = 0, max = 6, zones = ["1"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_a_zone_that_azure_does_not_have" {
  command = plan

  variables {
    node_pool = { name = "apps", vm_size = "Standard_D4s_v5", count = 3, min = 3, max = 6, zones = ["5"] }
  }

  expect_failures = [var.node_pool]
}

run "refuses_a_second_pool_of_the_same_name" {
  command = plan

  variables {
    extra_node_pools = { workload = { vm_size = "Standard_D4s_v5", min = 1, max = 2 } }
  }

  expect_failures = [var.extra_node_pools]
}

run "refuses_a_second_pool_with_a_least_above_its_most" {
  command = plan

  variables {
    extra_node_pools = { batch = { vm_size = "Standard_D4s_v5", min = 3, max = 2 } }
  }

  expect_failures = [var.extra_node_pools]
}

run "refuses_a_range_that_is_no_cidr" {
  command = plan

  variables {
    network = { virtual_network = "10.42.0.0/16", pods = "10.244.0.0" }
  }

  expect_failures = [var.network]
}

run "refuses_pods_inside_the_virtual_network" {
  command = plan

  variables {
    network = { virtual_network = "10.42.0.0/16", pods = "10.42.128.0/17" }
  }

  expect_failures = [var.network]
}

run "refuses_services_around_the_pods" {
  command = plan

  variables {
    network = { virtual_network = "10.42.0.0/16", services = "10.240.0.0/12" }
  }

  expect_failures = [var.network]
}

run "refuses_an_authorized_range_without_a_length" {
  command = plan

  variables {
    authorized_ip_ranges = ["203.0.113.7"]
  }

  expect_failures = [var.authorized_ip_ranges]
}
