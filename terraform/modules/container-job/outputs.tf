output "id" {
  description = "Id of the job as a resource: what a role is given at."
  value       = azurerm_container_app_job.this.id
}

output "name" {
  description = "Name of the job."
  value       = azurerm_container_app_job.this.name
}
