# What the server makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_mysql_flexible_server" {
    defaults = {
      id   = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.DBforMySQL/flexibleServers/mysql-petclinic-abc123"
      fqdn = "mysql-petclinic-abc123.mysql.database.azure.com"
    }
  }
}

run "builds_a_private_server" {
  command = apply

  assert {
    condition     = azurerm_mysql_flexible_server.this.public_network_access == "Disabled"
    error_message = "The server must not be reachable from outside."
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.version == "8.4" && azurerm_mysql_flexible_server.this.sku_name == "GP_Standard_D2ds_v4"
    error_message = "Version and size must be the defaults."
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.storage[0].auto_grow_enabled
    error_message = "A full disk would stop the site."
  }

  assert {
    condition     = length(azurerm_mysql_flexible_server.this.high_availability) == 0
    error_message = "One server unless a pair is asked for."
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.administrator_password == null && azurerm_mysql_flexible_server.this.administrator_password_wo == null
    error_message = "The password must not reach the state."
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.administrator_password_wo_version == 1
    error_message = "The version tells Azure to take the password."
  }

  assert {
    condition     = output.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.DBforMySQL/flexibleServers/mysql-petclinic-abc123" && output.name == "mysql-petclinic-abc123"
    error_message = "Id and name must be handed on."
  }

  assert {
    condition     = output.fqdn == "mysql-petclinic-abc123.mysql.database.azure.com"
    error_message = "The host name must be handed on."
  }

  assert {
    condition     = output.administrator_login == "pilotlight"
    error_message = "The login must be handed on."
  }

  assert {
    condition     = output.database_names == tolist(["petclinic"])
    error_message = "The databases must be handed on."
  }
}

run "takes_the_log_of_the_primary" {
  command = apply

  assert {
    condition     = azurerm_mysql_flexible_server_configuration.this["max_allowed_packet"].value == "1073741824"
    error_message = "A transaction of the primary comes as one packet, of up to a gigabyte."
  }

  assert {
    condition     = azurerm_mysql_flexible_server_configuration.this["log_bin_trust_function_creators"].value == "ON"
    error_message = "Without it no trigger can be made with Azure's rights."
  }

  assert {
    condition     = azurerm_mysql_flexible_server_configuration.this["event_scheduler"].value == "ON"
    error_message = "The primary's events must run once the standby serves."
  }

  assert {
    condition     = !contains(keys(azurerm_mysql_flexible_server_configuration.this), "gtid_mode")
    error_message = "gtid_mode goes one step at a time, which Terraform cannot do."
  }
}

run "builds_a_pair_when_asked" {
  command = apply

  variables {
    high_availability = "ZoneRedundant"
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.high_availability[0].mode == "ZoneRedundant"
    error_message = "The pair must be of the kind that was asked for."
  }
}

run "sets_parameters_and_character_sets" {
  command = apply

  variables {
    server_parameters = { max_connections = "500", event_scheduler = "OFF" }
    databases         = { clinic = { charset = "latin1", collation = "latin1_swedish_ci" } }
  }

  assert {
    condition     = azurerm_mysql_flexible_server_configuration.this["max_connections"].value == "500"
    error_message = "The parameter must be set, beside those of the replay."
  }

  assert {
    condition     = azurerm_mysql_flexible_server_configuration.this["event_scheduler"].value == "OFF"
    error_message = "Whoever wants no events on the standby must have none."
  }

  assert {
    condition     = azurerm_mysql_flexible_database.this["clinic"].charset == "latin1"
    error_message = "The character set must be the one that was asked for."
  }
}
