output "id" {
  description = "Id of the gateway."
  value       = azurerm_application_gateway.this.id
}

output "name" {
  description = "Name of the gateway."
  value       = azurerm_application_gateway.this.name
}

output "firewall_policy_id" {
  description = "Id of the firewall policy that refuses requests without the origin secret; null with Standard_v2."
  value       = local.firewall_policy_id
}

output "backend_ip_addresses" {
  description = "Addresses that the gateway sends requests to."
  value       = var.backend.ip_addresses
}
