locals {
  # Azure's own default rules follow these: traffic inside the network and from its load balancers is let in, the rest is not.
  security_rules = {
    gateway = {
      edge = {
        priority    = 100
        access      = "Allow"
        protocol    = "Tcp"
        sources     = var.gateway_source_prefixes
        destination = "*"
        port        = "443"
        description = "The edge, by HTTPS"
      }
      # Application Gateway v2 does not come up when Azure's own control traffic is kept out.
      management = {
        priority    = 110
        access      = "Allow"
        protocol    = "Tcp"
        sources     = ["GatewayManager"]
        destination = "*"
        port        = "65200-65535"
        description = "Azure's control of the gateway"
      }
    }
    nodes = {}
    database = {
      nodes = {
        priority    = 100
        access      = "Allow"
        protocol    = "Tcp"
        sources     = [local.subnet_blocks["nodes"]]
        destination = local.subnet_blocks["database"]
        port        = "3306"
        description = "The application and the restore"
      }
      # The two servers of a highly available pair speak to each other in their subnet.
      replication = {
        priority    = 110
        access      = "Allow"
        protocol    = "*"
        sources     = [local.subnet_blocks["database"]]
        destination = local.subnet_blocks["database"]
        port        = "*"
        description = "The pair's own replication"
      }
      # Without this the default rule would let the whole virtual network in.
      others = {
        priority    = 4000
        access      = "Deny"
        protocol    = "*"
        sources     = ["VirtualNetwork"]
        destination = "*"
        port        = "*"
        description = "Nobody else inside the network"
      }
    }
  }
}

resource "azurerm_network_security_group" "this" {
  for_each = local.security_rules

  name                = "nsg-${var.name}-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  dynamic "security_rule" {
    for_each = each.value

    content {
      name        = security_rule.key
      description = security_rule.value.description
      priority    = security_rule.value.priority
      direction   = "Inbound"
      access      = security_rule.value.access
      protocol    = security_rule.value.protocol

      # One source goes into the singular argument, because only that one takes a service tag.
      source_address_prefix   = length(security_rule.value.sources) == 1 ? security_rule.value.sources[0] : null
      source_address_prefixes = length(security_rule.value.sources) == 1 ? null : security_rule.value.sources

      source_port_range          = "*"
      destination_address_prefix = security_rule.value.destination
      destination_port_range     = security_rule.value.port
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = local.security_rules

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = azurerm_network_security_group.this[each.key].id
}
