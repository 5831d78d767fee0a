output "id" {
  description = "Id of the server."
  value       = azurerm_mysql_flexible_server.this.id
}

output "name" {
  description = "Name of the server."
  value       = azurerm_mysql_flexible_server.this.name
}

output "fqdn" {
  description = "Name by which the application reaches the server, inside the virtual network only."
  value       = azurerm_mysql_flexible_server.this.fqdn
}

output "administrator_login" {
  description = "Name of the server's administrator."
  value       = azurerm_mysql_flexible_server.this.administrator_login
}

output "database_names" {
  description = "Names of the databases."
  value       = sort(keys(azurerm_mysql_flexible_database.this))
}
