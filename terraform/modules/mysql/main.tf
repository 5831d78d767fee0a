locals {
  # What the replay of the primary's binary log needs. A transaction comes as one statement, of up to a gigabyte; and without the second
  # no trigger or function of a dump can be made without SUPER, which Azure gives nobody. gtid_mode is missing on purpose: Azure
  # changes it one step at a time, which one parameter here cannot say, so pipelines/scripts/prepare-database.sh does it.
  replay_parameters = {
    max_allowed_packet              = "1073741824"
    log_bin_trust_function_creators = "ON"
  }

  # Azure has the scheduler turned on by hand (its page on server parameters); MySQL itself runs it, so a primary counts on it. Until the
  # hand-over the events sleep one by one, whatever this says. Whoever wants none of them on the standby says OFF.
  default_parameters = { event_scheduler = "ON" }
}

resource "azurerm_mysql_flexible_server" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  version             = var.mysql_version
  sku_name            = var.sku_name

  administrator_login               = var.administrator_login
  administrator_password_wo         = var.administrator_password
  administrator_password_wo_version = var.administrator_password_version

  # A subnet and its zone go together, and Azure then wants public access said to be off.
  delegated_subnet_id   = var.delegated_subnet_id
  private_dns_zone_id   = var.private_dns_zone_id
  public_network_access = "Disabled"

  backup_retention_days        = var.backup_retention_days
  geo_redundant_backup_enabled = false
  tags                         = var.tags

  storage {
    size_gb            = var.storage_gb
    auto_grow_enabled  = true
    io_scaling_enabled = true
  }

  dynamic "high_availability" {
    for_each = var.high_availability == "Disabled" ? [] : [var.high_availability]

    content {
      mode = high_availability.value
    }
  }

  lifecycle {
    # Azure chooses the zones, and swaps them when the pair fails over.
    ignore_changes = [zone, high_availability[0].standby_availability_zone]
  }
}

resource "azurerm_mysql_flexible_database" "this" {
  for_each = var.databases

  name                = each.key
  resource_group_name = var.resource_group_name
  server_name         = azurerm_mysql_flexible_server.this.name
  charset             = each.value.charset
  collation           = each.value.collation

  # Last of all: a server takes one change at a time, and whoever sees the database (the pipeline's Restore) knows that Terraform has
  # none left for it.
  depends_on = [azurerm_mysql_flexible_server_configuration.this]
}

resource "azurerm_mysql_flexible_server_configuration" "this" {
  for_each = merge(local.default_parameters, local.replay_parameters, var.server_parameters)

  name                = each.key
  resource_group_name = var.resource_group_name
  server_name         = azurerm_mysql_flexible_server.this.name
  value               = each.value
}
