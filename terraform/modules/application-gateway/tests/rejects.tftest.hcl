# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_a_space" {
  command = plan

  variables {
    name = "agw petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_a_tier_of_the_first_generation" {
  command = plan

  variables {
    sku_tier = "WAF"
  }

  expect_failures = [var.sku_tier]
}

run "refuses_a_least_above_the_most" {
  command = plan

  variables {
    capacity = { min = 5, max = 2 }
  }

  expect_failures = [var.capacity]
}

run "refuses_a_zone_that_azure_does_not_have" {
  command = plan

  variables {
    zones = ["0"]
  }

  expect_failures = [var.zones]
}

run "refuses_a_certificate_with_a_version" {
  command = plan

  variables {
    certificate_secret_id = "https://kv-petclinic.vault.azure.net/secrets/standby-tls/0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.certificate_secret_id]
}

run "refuses_a_policy_that_allows_old_tls" {
  command = plan

  variables {
    ssl_policy_name = "AppGwSslPolicy20170401S"
  }

  expect_failures = [var.ssl_policy_name]
}

run "refuses_a_backend_without_an_address" {
  command = plan

  variables {
    backend = { ip_addresses = [], health_path = "/actuator/health", health_host = "standby.example.com", port = 80 }
  }

  expect_failures = [var.backend]
}

run "refuses_a_health_path_with_a_query" {
  command = plan

  variables {
    backend = { ip_addresses = ["10.42.3.246"], health_path = "/health?deep=1", health_host = "standby.example.com", port = 80 }
  }

  expect_failures = [var.backend]
}

run "refuses_a_health_host_with_a_scheme" {
  command = plan

  variables {
    backend = { ip_addresses = ["10.42.3.246"], health_path = "/actuator/health", health_host = "https://standby.example.com", port = 80 }
  }

  expect_failures = [var.backend]
}

run "refuses_a_port_beyond_the_last" {
  command = plan

  variables {
    backend = { ip_addresses = ["10.42.3.246"], health_path = "/actuator/health", health_host = "standby.example.com", port = 70000 }
  }

  expect_failures = [var.backend]
}

run "refuses_a_probe_that_waits_longer_than_its_interval" {
  command = plan

  variables {
    health_probe = { interval_seconds = 5, timeout_seconds = 6 }
  }

  expect_failures = [var.health_probe]
}

run "refuses_an_origin_header_with_capitals" {
  command = plan

  variables {
    origin_header = "Standby"
  }

  expect_failures = [var.origin_header]
}

run "refuses_a_firewall_without_a_secret" {
  command = plan

  variables {
    origin_secret_reference = null
  }

  expect_failures = [var.origin_secret_reference]
}

run "refuses_a_serial_of_zero" {
  command = plan

  variables {
    origin_secret_serial = 0
  }

  expect_failures = [var.origin_secret_serial]
}

run "refuses_a_secret_in_the_open_beside_the_firewall" {
  command = plan

  variables {
    origin_secret = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.origin_secret]
}

run "refuses_a_secret_that_means_something_in_an_expression" {
  command = plan

  variables {
    sku_tier                = "Standard_v2"
    origin_secret_reference = null
    refusal_url             = "https://maintenance.example.com/"
    origin_secret           = "0123456789abcdef0123456789abcde.*"
  }

  expect_failures = [var.origin_secret]
}

run "refuses_routing_without_a_place_to_send_strangers" {
  command = plan

  variables {
    sku_tier                = "Standard_v2"
    origin_secret_reference = null
    refusal_url             = null
    origin_secret           = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.refusal_url]
}
