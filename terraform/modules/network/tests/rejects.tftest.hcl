# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_capitals" {
  command = plan

  variables {
    name = "PetClinic"
  }

  expect_failures = [var.name]
}

run "refuses_a_public_address_space" {
  command = plan

  variables {
    address_space = "52.1.0.0/16"
  }

  expect_failures = [var.address_space]
}

run "refuses_an_address_space_that_is_no_cidr" {
  command = plan

  variables {
    address_space = "10.42.0.0"
  }

  expect_failures = [var.address_space]
}

run "refuses_an_address_space_from_the_middle_of_a_block" {
  command = plan

  variables {
    address_space = "10.42.3.0/16"
  }

  expect_failures = [var.address_space]
}

run "refuses_an_address_space_that_is_too_small" {
  command = plan

  variables {
    address_space = "10.42.0.0/24"
  }

  expect_failures = [var.address_space]
}

run "refuses_a_gateway_subnet_that_is_too_small" {
  command = plan

  variables {
    subnet_prefix_lengths = { gateway = 28 }
  }

  expect_failures = [var.subnet_prefix_lengths]
}

run "refuses_a_domain_label_with_a_dot" {
  command = plan

  variables {
    domain_name_label = "petclinic.standby"
  }

  expect_failures = [var.domain_name_label]
}

run "refuses_a_zone_that_azure_does_not_have" {
  command = plan

  variables {
    zones = ["1", "4"]
  }

  expect_failures = [var.zones]
}

run "refuses_a_gateway_that_nobody_reaches" {
  command = plan

  variables {
    gateway_source_prefixes = []
  }

  expect_failures = [var.gateway_source_prefixes]
}

run "refuses_the_internet_beside_a_range" {
  command = plan

  variables {
    gateway_source_prefixes = ["Internet", "203.0.113.0/24"]
  }

  expect_failures = [var.gateway_source_prefixes]
}
