# The first ten are what the controller reads, under the same names as in terraform/azure/always.

output "subscription_id" {
  description = "Azure subscription of the standby."
  value       = var.pilot.subscription_id
}

output "tenant_id" {
  description = "Entra tenant in which the controller exchanges its token."
  value       = var.pilot.tenant_id
}

output "controller_client_id" {
  description = "Client id that the controller names when it exchanges its token."
  value       = var.pilot.controller_client
}

output "resource_group" {
  description = "Resource group of the standby."
  value       = local.resource_group
}

output "application_gateway_name" {
  description = "Name of the Application Gateway."
  value       = module.application_gateway.name
}

output "aks_cluster_name" {
  description = "Name of the cluster."
  value       = module.aks.name
}

output "aks_node_pool_name" {
  description = "Name of the pool that the controller scales in the warm tier."
  value       = module.aks.node_pool_name
}

output "mysql_server_name" {
  description = "Name of the database server."
  value       = module.mysql.name
}

output "standby_domain_name" {
  description = "Name under which the edge reaches the gateway."
  value       = var.pilot.standby_domain
}

output "maintenance_domain_name" {
  description = "Name of the static site with the maintenance page."
  value       = var.pilot.maintenance_host
}

# What the pipeline's later stages fill into the manifests.

output "tier" {
  description = "The tier that was built."
  value       = var.tier
}

output "location" {
  description = "Azure region of the standby."
  value       = var.pilot.location
}

output "mysql_fqdn" {
  description = "Host name of the database, inside the virtual network."
  value       = module.mysql.fqdn
}

output "mysql_database_name" {
  description = "Database that the restore fills."
  value       = var.pilot.names.database
}

output "mysql_administrator_login" {
  description = "The server's administrator, whom the restore uses."
  value       = module.mysql.administrator_login
}

output "mysql_subnet_cidr" {
  description = "Range of the database's subnet, for the network policy."
  value       = var.pilot.subnet_cidrs.database
}

output "gateway_subnet_cidr" {
  description = "Range of the gateway's subnet, from which the application gets its requests."
  value       = var.pilot.subnet_cidrs.gateway
}

output "application_private_ip" {
  description = "Address that the application's internal load balancer must take: the gateway's backend."
  value       = var.pilot.ingress_ip
}

output "key_vault_name" {
  description = "Vault of the application's and the restore's secrets."
  value       = var.pilot.names.vault
}

output "workload_client_id" {
  description = "Client id of the application's workload identity."
  value       = var.pilot.identities.application.client_id
}

output "restore_client_id" {
  description = "Client id of the restore's workload identity."
  value       = var.pilot.identities.restore.client_id
}

output "data_account_name" {
  description = "Storage account of the backups container."
  value       = var.pilot.names.data_account
}
