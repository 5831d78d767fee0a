output "id" {
  description = "Id of the identity as a resource."
  value       = azurerm_user_assigned_identity.this.id
}

output "client_id" {
  description = "Client id: what a caller names when it exchanges its token."
  value       = azurerm_user_assigned_identity.this.client_id
}

output "principal_id" {
  description = "Object id of the identity's service principal: what a role is given to."
  value       = azurerm_user_assigned_identity.this.principal_id
}

output "custom_role_id" {
  description = "Id of the identity's own role, or null."
  value       = one(azurerm_role_definition.this[*].role_definition_resource_id)
}
