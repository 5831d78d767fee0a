locals {
  space_bits = tonumber(split("/", var.address_space)[1])

  # Largest first: cidrsubnets then packs the blocks without a gap.
  subnet_names = ["nodes", "gateway", "database"]
  subnet_blocks = zipmap(local.subnet_names, cidrsubnets(
    var.address_space,
    var.subnet_prefix_lengths.nodes - local.space_bits,
    var.subnet_prefix_lengths.gateway - local.space_bits,
    var.subnet_prefix_lengths.database - local.space_bits,
  ))

  # The vault may be closed to everybody but these subnets, which reach it by a service endpoint.
  service_endpoints = {
    nodes    = ["Microsoft.KeyVault", "Microsoft.Storage"]
    gateway  = ["Microsoft.KeyVault"]
    database = []
  }

  delegations = {
    database = {
      service = "Microsoft.DBforMySQL/flexibleServers"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = [var.address_space]
  tags                = var.tags
}

resource "azurerm_subnet" "this" {
  for_each = local.subnet_blocks

  name                 = "snet-${each.key}"
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = [each.value]
  service_endpoints    = local.service_endpoints[each.key]

  dynamic "delegation" {
    for_each = contains(keys(local.delegations), each.key) ? [local.delegations[each.key]] : []

    content {
      name = "mysql"

      service_delegation {
        name    = delegation.value.service
        actions = delegation.value.actions
      }
    }
  }
}

# The address exists before the disaster, so that CloudFront can know its origin before the disaster.
resource "azurerm_public_ip" "gateway" {
  name                = "pip-${var.name}-gateway"
  resource_group_name = var.resource_group_name
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = var.zones
  domain_name_label   = var.domain_name_label
  tags                = var.tags
}

# MySQL in a delegated subnet is found by a private zone; made beforehand, because a link takes minutes.
resource "azurerm_private_dns_zone" "database" {
  name                = "${var.name}.private.mysql.database.azure.com"
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "database" {
  name                  = "link-${var.name}-database"
  resource_group_name   = var.resource_group_name
  private_dns_zone_name = azurerm_private_dns_zone.database.name
  virtual_network_id    = azurerm_virtual_network.this.id
  registration_enabled  = false
  tags                  = var.tags
}
