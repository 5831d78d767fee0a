output "virtual_network_id" {
  description = "Id of the virtual network."
  value       = azurerm_virtual_network.this.id
}

output "address_space" {
  description = "Range of the virtual network."
  value       = var.address_space
}

output "subnet_ids" {
  description = "Ids of the subnets nodes, gateway and database."
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }
}

output "subnet_cidrs" {
  description = "Ranges of the subnets nodes, gateway and database."
  value       = local.subnet_blocks
}

output "public_ip_id" {
  description = "Id of the gateway's static public address."
  value       = azurerm_public_ip.gateway.id
}

output "public_ip_address" {
  description = "The gateway's static public address."
  value       = azurerm_public_ip.gateway.ip_address
}

output "public_domain_name" {
  description = "Name that Azure keeps for the address, stable as long as the address exists."
  value       = azurerm_public_ip.gateway.fqdn
}

output "private_dns_zone_id" {
  description = "Id of the private zone in which MySQL registers its name. It waits for the link, without which the name would not resolve."
  value       = azurerm_private_dns_zone.database.id

  depends_on = [azurerm_private_dns_zone_virtual_network_link.database]
}
