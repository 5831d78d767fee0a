# What the network makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_virtual_network" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic"
    }
  }

  mock_resource "azurerm_subnet" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet"
    }
  }

  mock_resource "azurerm_network_security_group" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/networkSecurityGroups/nsg"
    }
  }

  mock_resource "azurerm_public_ip" {
    defaults = {
      id         = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
      ip_address = "203.0.113.10"
      fqdn       = "petclinic-standby.koreacentral.cloudapp.azure.com"
    }
  }

  mock_resource "azurerm_private_dns_zone" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
    }
  }
}

run "divides_the_address_space" {
  command = apply

  assert {
    condition     = output.subnet_cidrs == tomap({ nodes = "10.42.0.0/22", gateway = "10.42.4.0/24", database = "10.42.5.0/28" })
    error_message = "The subnets must lie side by side from the start of the address space."
  }

  assert {
    condition     = output.address_space == "10.42.0.0/16"
    error_message = "The address space must be handed on."
  }

  assert {
    condition     = azurerm_virtual_network.this.address_space == toset(["10.42.0.0/16"])
    error_message = "The network must have the address space."
  }

  assert {
    condition     = toset(keys(output.subnet_ids)) == toset(["nodes", "gateway", "database"])
    error_message = "Each subnet must have its id."
  }

  assert {
    condition     = output.virtual_network_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic"
    error_message = "The id of the network must be handed on."
  }
}

run "delegates_only_the_database_subnet_to_mysql" {
  command = apply

  assert {
    condition     = azurerm_subnet.this["database"].delegation[0].service_delegation[0].name == "Microsoft.DBforMySQL/flexibleServers"
    error_message = "MySQL needs its subnet delegated."
  }

  assert {
    condition     = length(azurerm_subnet.this["nodes"].delegation) == 0 && length(azurerm_subnet.this["gateway"].delegation) == 0
    error_message = "No other subnet may be delegated."
  }
}

run "keeps_one_address_with_one_name" {
  command = apply

  assert {
    condition     = azurerm_public_ip.gateway.allocation_method == "Static" && azurerm_public_ip.gateway.sku == "Standard"
    error_message = "The address must stay the same before and after the disaster."
  }

  assert {
    condition     = output.public_domain_name == "petclinic-standby.koreacentral.cloudapp.azure.com"
    error_message = "The name of the address must be handed on."
  }

  assert {
    condition     = output.public_ip_address == "203.0.113.10"
    error_message = "The address must be handed on."
  }

  assert {
    condition     = output.public_ip_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
    error_message = "The id of the address must be handed on."
  }
}

run "opens_the_gateway_for_https_and_azure_alone" {
  command = apply

  assert {
    condition     = toset([for rule in azurerm_network_security_group.this["gateway"].security_rule : "${rule.access} ${rule.source_address_prefix} ${rule.destination_port_range}"]) == toset(["Allow Internet 443", "Allow GatewayManager 65200-65535"])
    error_message = "The gateway must be open on 443 and for the gateway manager, and for nothing else."
  }
}

run "lets_only_the_nodes_into_the_database" {
  command = apply

  assert {
    condition     = toset([for rule in azurerm_network_security_group.this["database"].security_rule : "${rule.priority} ${rule.access} ${rule.source_address_prefix} ${rule.destination_port_range}"]) == toset(["100 Allow 10.42.0.0/22 3306", "110 Allow 10.42.5.0/28 *", "4000 Deny VirtualNetwork *"])
    error_message = "Only the nodes may reach the database, and only on 3306."
  }
}

run "takes_several_ranges_of_the_edge" {
  command = apply

  variables {
    gateway_source_prefixes = ["203.0.113.0/24", "198.51.100.0/24"]
  }

  assert {
    condition     = [for rule in azurerm_network_security_group.this["gateway"].security_rule : rule.source_address_prefixes if rule.priority == 100][0] == toset(["203.0.113.0/24", "198.51.100.0/24"])
    error_message = "Several ranges must go into the argument that takes several."
  }
}

run "packs_a_small_network" {
  command = apply

  variables {
    address_space = "192.168.16.0/20"
  }

  assert {
    condition     = output.subnet_cidrs == tomap({ nodes = "192.168.16.0/22", gateway = "192.168.20.0/24", database = "192.168.21.0/28" })
    error_message = "A /20 must be enough."
  }

  assert {
    condition     = output.private_dns_zone_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
    error_message = "The zone must be handed on."
  }

  assert {
    condition     = azurerm_private_dns_zone.database.name == "petclinic.private.mysql.database.azure.com"
    error_message = "The zone must end as MySQL wants it."
  }
}
