locals {
  resource_group = var.pilot.names.standby_group
  tags           = merge(var.pilot.tags, { tier = var.tier })

  # The one place where the tiers differ. A cold gateway starts with two instances, because users come the moment it is
  # up; a warm one keeps one and has time to grow while the pool is scaled.
  sizes = {
    cold = { node_count = var.nodes.count, gateway_min = 2 }
    warm = { node_count = var.nodes.warm, gateway_min = 1 }
    # As large as a cold one: it serves the moment it is awake, and costs nothing of its size while it is stopped.
    parked = { node_count = var.nodes.count, gateway_min = 2 }
  }
  size = local.sizes[var.tier]
}

# With Standard_v2 the secret stands in the gateway's routing, and so in the state: the price of the cheaper tier.
data "azurerm_key_vault_secret" "origin" {
  count = var.gateway.sku_tier == "Standard_v2" ? 1 : 0

  name         = var.pilot.secret_names.origin
  key_vault_id = var.pilot.vault_id
}

# Cluster, database and gateway need nothing of each other, so Terraform builds them side by side: the slowest alone
# decides how long the day takes. The gateway knows the application's address beforehand and finds it healthy once the
# pipeline has deployed it.

module "aks" {
  source = "../aks"

  name                      = var.pilot.names.cluster
  resource_group_name       = local.resource_group
  location                  = var.pilot.location
  tenant_id                 = var.pilot.tenant_id
  kubernetes_version        = var.kubernetes_version
  sku_tier                  = var.aks_sku_tier
  control_plane_identity_id = var.pilot.identities.cluster.id
  kubelet_identity          = var.pilot.identities.kubelet
  subnet_id                 = var.pilot.subnet_ids.nodes
  authorized_ip_ranges      = var.authorized_ip_ranges
  tags                      = local.tags

  node_pool = {
    name    = var.pilot.names.node_pool
    vm_size = var.nodes.vm_size
    os_disk = var.nodes.os_disk
    count   = local.size.node_count
    min     = local.size.node_count
    max     = var.nodes.max
    zones   = var.pilot.zones
  }

  network = { virtual_network = var.pilot.virtual_network }

  container_insights = {
    workspace_id            = var.pilot.workspace_id
    data_collection_rule_id = var.pilot.collection_rule_id
  }
}

module "mysql" {
  source = "../mysql"

  name                = var.pilot.names.mysql_server
  resource_group_name = local.resource_group
  location            = var.pilot.location
  mysql_version       = var.mysql.version
  sku_name            = var.mysql.sku_name
  storage_gb          = var.mysql.storage_gb
  high_availability   = var.mysql.high_availability
  server_parameters   = var.mysql.parameters
  delegated_subnet_id = var.pilot.subnet_ids.database
  private_dns_zone_id = var.pilot.private_zone_id
  databases           = { (var.pilot.names.database) = {} }
  tags                = local.tags

  administrator_login            = var.mysql.administrator_login
  administrator_password         = var.mysql_administrator_password
  administrator_password_version = var.pilot.secrets_version
}

module "application_gateway" {
  source = "../application-gateway"

  name                  = var.pilot.names.application_gateway
  resource_group_name   = local.resource_group
  location              = var.pilot.location
  zones                 = var.pilot.zones
  sku_tier              = var.gateway.sku_tier
  capacity              = { min = local.size.gateway_min, max = var.gateway.max_capacity }
  subnet_id             = var.pilot.subnet_ids.gateway
  public_ip_id          = var.pilot.public_ip_id
  identity_id           = var.pilot.identities.gateway.id
  certificate_secret_id = var.pilot.certificate_id
  managed_rules_enabled = var.gateway.managed_rules_enabled
  refusal_url           = "https://${var.pilot.maintenance_host}/"
  tags                  = local.tags

  backend = {
    ip_addresses = [var.pilot.ingress_ip]
    port         = var.application.port
    health_path  = var.application.health_path
    health_host  = var.pilot.standby_domain
  }

  origin_secret_reference = var.gateway.sku_tier == "WAF_v2" ? { vault_id = var.pilot.vault_id, name = var.pilot.secret_names.origin } : null
  origin_secret_serial    = var.gateway.origin_secret_serial
  origin_secret           = one(data.azurerm_key_vault_secret.origin[*].value)
}

# A new cluster is a new issuer of tokens, so these two trusts cannot be made before it.
resource "azurerm_federated_identity_credential" "pods" {
  for_each = var.pilot.service_accounts

  name                      = "pods-${each.key}"
  user_assigned_identity_id = var.pilot.identities[each.key].id
  issuer                    = module.aks.oidc_issuer_url
  subject                   = each.value
  audience                  = ["api://AzureADTokenExchange"]
}
