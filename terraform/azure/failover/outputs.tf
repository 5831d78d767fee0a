# The first ten are what the controller reads, under the same names as in terraform/azure/always.

output "subscription_id" {
  description = "Azure subscription of the standby."
  value       = module.standby.subscription_id
}

output "tenant_id" {
  description = "Entra tenant in which the controller exchanges its token."
  value       = module.standby.tenant_id
}

output "controller_client_id" {
  description = "Client id that the controller names when it exchanges its token."
  value       = module.standby.controller_client_id
}

output "resource_group" {
  description = "Resource group of the standby."
  value       = module.standby.resource_group
}

output "application_gateway_name" {
  description = "Name of the Application Gateway."
  value       = module.standby.application_gateway_name
}

output "aks_cluster_name" {
  description = "Name of the cluster."
  value       = module.standby.aks_cluster_name
}

output "aks_node_pool_name" {
  description = "Name of the pool that the controller scales in the warm tier."
  value       = module.standby.aks_node_pool_name
}

output "mysql_server_name" {
  description = "Name of the database server."
  value       = module.standby.mysql_server_name
}

output "standby_domain_name" {
  description = "Name under which the edge reaches the gateway."
  value       = module.standby.standby_domain_name
}

output "maintenance_domain_name" {
  description = "Name of the static site with the maintenance page."
  value       = module.standby.maintenance_domain_name
}

# What the pipeline's later stages fill into the manifests.

output "tier" {
  description = "The tier that was built."
  value       = module.standby.tier
}

output "location" {
  description = "Azure region of the standby."
  value       = module.standby.location
}

output "mysql_fqdn" {
  description = "Host name of the database, inside the virtual network."
  value       = module.standby.mysql_fqdn
}

output "mysql_database_name" {
  description = "Database that the restore fills."
  value       = module.standby.mysql_database_name
}

output "mysql_administrator_login" {
  description = "The server's administrator, whom the restore uses."
  value       = module.standby.mysql_administrator_login
}

output "mysql_subnet_cidr" {
  description = "Range of the database's subnet, for the network policy."
  value       = module.standby.mysql_subnet_cidr
}

output "gateway_subnet_cidr" {
  description = "Range of the gateway's subnet, from which the application gets its requests."
  value       = module.standby.gateway_subnet_cidr
}

output "application_private_ip" {
  description = "Address that the application's internal load balancer must take: the gateway's backend."
  value       = module.standby.application_private_ip
}

output "key_vault_name" {
  description = "Vault of the application's and the restore's secrets."
  value       = module.standby.key_vault_name
}

output "workload_client_id" {
  description = "Client id of the application's workload identity."
  value       = module.standby.workload_client_id
}

output "restore_client_id" {
  description = "Client id of the restore's workload identity."
  value       = module.standby.restore_client_id
}

output "data_account_name" {
  description = "Storage account of the backups container."
  value       = module.standby.data_account_name
}
