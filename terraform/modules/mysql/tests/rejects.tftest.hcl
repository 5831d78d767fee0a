# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_capitals" {
  command = plan

  variables {
    name = "MySQL-petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_a_version_that_is_no_longer_maintained" {
  command = plan

  variables {
    mysql_version = "5.7"
  }

  expect_failures = [var.mysql_version]
}

run "refuses_a_size_that_azure_does_not_sell" {
  command = plan

  variables {
    sku_name = "GP_Standard_D3ds_v4"
  }

  expect_failures = [var.sku_name]
}

run "refuses_a_disk_that_is_too_small" {
  command = plan

  variables {
    storage_gb = 10
  }

  expect_failures = [var.storage_gb]
}

run "refuses_a_login_that_azure_reserves" {
  command = plan

  variables {
    administrator_login = "root"
  }

  expect_failures = [var.administrator_login]
}

run "refuses_a_short_password" {
  command = plan

  variables {
    administrator_password = "Short-7"
  }

  expect_failures = [var.administrator_password]
}

run "refuses_a_password_version_of_zero" {
  command = plan

  variables {
    administrator_password_version = 0
  }

  expect_failures = [var.administrator_password_version]
}

run "refuses_an_unknown_kind_of_pair" {
  command = plan

  variables {
    high_availability = "TwoRegions"
  }

  expect_failures = [var.high_availability]
}

run "refuses_a_pair_of_burstable_servers" {
  command = plan

  variables {
    sku_name          = "B_Standard_B2s"
    high_availability = "SameZone"
  }

  expect_failures = [var.high_availability]
}

run "refuses_backups_for_longer_than_azure_keeps_them" {
  command = plan

  variables {
    backup_retention_days = 36
  }

  expect_failures = [var.backup_retention_days]
}

run "refuses_a_database_name_with_a_hyphen" {
  command = plan

  variables {
    databases = { "pet-clinic" = {} }
  }

  expect_failures = [var.databases]
}

run "refuses_to_step_over_the_modes_of_transaction_ids" {
  command = plan

  variables {
    server_parameters = { gtid_mode = "ON" }
  }

  expect_failures = [var.server_parameters]
}

run "refuses_packets_that_a_transaction_does_not_fit_into" {
  command = plan

  variables {
    server_parameters = { max_allowed_packet = "67108864" }
  }

  expect_failures = [var.server_parameters]
}

run "refuses_a_server_that_takes_connections_in_the_clear" {
  command = plan

  variables {
    server_parameters = { require_secure_transport = "OFF" }
  }

  expect_failures = [var.server_parameters]
}
