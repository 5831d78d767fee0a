output "id" {
  description = "Id of the storage account."
  value       = azurerm_storage_account.this.id
}

output "name" {
  description = "Name of the storage account."
  value       = azurerm_storage_account.this.name
}

output "container_ids" {
  description = "Ids of the containers by name; roles are given on these, not on the whole account."
  value       = { for name, container in azurerm_storage_container.this : name => container.id }
}

output "blob_host" {
  description = "Host name of the blob service."
  value       = azurerm_storage_account.this.primary_blob_host
}

output "website_host" {
  description = "Host name of the static website, or null where there is none. It waits for the website to be switched on."
  value       = var.static_website == null ? null : azurerm_storage_account.this.primary_web_host

  depends_on = [azurerm_storage_account_static_website.this]
}
