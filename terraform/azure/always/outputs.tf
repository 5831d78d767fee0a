# The first ten are what the controller's configuration holds.

output "subscription_id" {
  description = "Azure subscription of the standby."
  value       = var.subscription_id
}

output "tenant_id" {
  description = "Entra tenant in which the controller exchanges its token."
  value       = data.azurerm_client_config.current.tenant_id
}

output "controller_client_id" {
  description = "Client id that the controller names when it exchanges its token."
  value       = module.controller.client_id
}

output "resource_group" {
  description = "Resource group in which the failover builds the standby; it is there, and empty, before the day."
  value       = azurerm_resource_group.standby.name
}

output "application_gateway_name" {
  description = "Name that the Application Gateway has once it is built."
  value       = local.names.application_gateway
}

output "aks_cluster_name" {
  description = "Name that the cluster has once it is built."
  value       = local.names.cluster
}

output "aks_node_pool_name" {
  description = "Name of the pool that the controller scales in the warm tier."
  value       = local.names.node_pool
}

output "mysql_server_name" {
  description = "Name that the database server has once it is built."
  value       = local.names.mysql_server
}

output "standby_domain_name" {
  description = "Name under which the edge reaches the gateway: the CloudFront origin."
  value       = local.standby_domain_name
}

output "maintenance_domain_name" {
  description = "Name of the static site with the maintenance page: the CloudFront origin of the shield."
  value       = module.website.website_host
}

output "gateway_ip_address" {
  description = "The gateway's address, for the DNS record of standby_domain_name."
  value       = module.network.public_ip_address
}

output "pipeline_client_id" {
  description = "Client id for the Azure DevOps service connection."
  value       = module.pipeline.client_id
}

output "container_job_name" {
  description = "Name of the container job, or null."
  value       = one(module.container_job[*].name)
}

output "container_job_resource_group" {
  description = "Resource group of the container job."
  value       = azurerm_resource_group.pilot.name
}

output "backup_writer_client_id" {
  description = "Client id with which the primary's backup job writes to the container, or null."
  value       = one(module.backup_writer[*].client_id)
}

output "data_account_name" {
  description = "Storage account of the containers backups, handover, tfstate and, with a container job, runner."
  value       = module.data.name
}

output "pilot" {
  description = "What the failover reads: names, ids and ranges. No secret is among them."
  value = {
    workload           = var.workload
    location           = var.location
    zones              = var.zones
    tags               = local.tags
    names              = local.names
    virtual_network    = module.network.address_space
    subnet_ids         = module.network.subnet_ids
    subnet_cidrs       = module.network.subnet_cidrs
    ingress_ip         = cidrhost(module.network.subnet_cidrs["nodes"], -var.ingress_host_from_end)
    public_ip_id       = module.network.public_ip_id
    private_zone_id    = module.network.private_dns_zone_id
    workspace_id       = azurerm_log_analytics_workspace.this.id
    collection_rule_id = azurerm_monitor_data_collection_rule.containers.id
    vault_id           = azurerm_key_vault.this.id
    secret_names       = local.secret_names
    secrets_version    = var.secrets_version
    certificate_id     = azurerm_key_vault_certificate.standby.versionless_secret_id
    service_accounts   = local.service_accounts
    standby_domain     = local.standby_domain_name
    maintenance_host   = module.website.website_host
    subscription_id    = var.subscription_id
    tenant_id          = data.azurerm_client_config.current.tenant_id
    controller_client  = module.controller.client_id
    identities = {
      gateway     = { id = module.gateway_identity.id }
      cluster     = { id = module.cluster_identity.id }
      kubelet     = { id = module.kubelet_identity.id, client_id = module.kubelet_identity.client_id, principal_id = module.kubelet_identity.principal_id }
      application = { id = module.application_identity.id, client_id = module.application_identity.client_id }
      restore     = { id = module.restore_identity.id, client_id = module.restore_identity.client_id }
    }
  }
}
