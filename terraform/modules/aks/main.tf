resource "azurerm_kubernetes_cluster" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  dns_prefix          = substr(replace(lower(var.name), "_", "-"), 0, 54)
  kubernetes_version  = var.kubernetes_version
  sku_tier            = var.sku_tier
  support_plan        = var.sku_tier == "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial"
  node_resource_group = "${var.resource_group_name}-nodes"
  tags                = var.tags

  # People and pipelines come in by Entra ID; there is no admin certificate to lose.
  local_account_disabled            = true
  role_based_access_control_enabled = true

  # What the application's pods exchange for a token of their identity.
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  # A warm standby runs for months: it gets its patches, in the weekly window below and at no other time.
  automatic_upgrade_channel = "patch"
  node_os_upgrade_channel   = "NodeImage"

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled = true
    tenant_id          = var.tenant_id
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.control_plane_identity_id]
  }

  kubelet_identity {
    client_id                 = var.kubelet_identity.client_id
    object_id                 = var.kubelet_identity.principal_id
    user_assigned_identity_id = var.kubelet_identity.id
  }

  default_node_pool {
    name                        = var.node_pool.name
    vm_size                     = var.node_pool.vm_size
    os_disk_type                = var.node_pool.os_disk
    vnet_subnet_id              = var.subnet_id
    zones                       = var.node_pool.zones
    auto_scaling_enabled        = true
    node_count                  = var.node_pool.count
    min_count                   = var.node_pool.min
    max_count                   = var.node_pool.max
    os_sku                      = "AzureLinux"
    temporary_name_for_rotation = "rotation"
    tags                        = var.tags

    upgrade_settings {
      max_surge = "33%"
    }
  }

  # On the day, pods wait for nodes: look often, and do not hold a new pod back. Shrinking is not urgent.
  auto_scaler_profile {
    expander                      = "least-waste"
    balance_similar_node_groups   = true
    scan_interval                 = "10s"
    new_pod_scale_up_delay        = "0s"
    max_node_provisioning_time    = "15m"
    scale_down_delay_after_add    = "20m"
    scale_down_unneeded           = "20m"
    skip_nodes_with_local_storage = false
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
    load_balancer_sku   = "standard"
    outbound_type       = "loadBalancer"
    pod_cidr            = var.network.pods
    service_cidr        = var.network.services
    # By convention the tenth address; the first one belongs to the API server.
    dns_service_ip = cidrhost(var.network.services, 10)
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  maintenance_window_auto_upgrade {
    frequency   = "Weekly"
    interval    = 1
    duration    = 4
    day_of_week = "Sunday"
    start_time  = "02:00"
    utc_offset  = "+00:00"
  }

  maintenance_window_node_os {
    frequency   = "Weekly"
    interval    = 1
    duration    = 4
    day_of_week = "Sunday"
    start_time  = "02:00"
    utc_offset  = "+00:00"
  }

  dynamic "api_server_access_profile" {
    for_each = length(var.authorized_ip_ranges) == 0 ? [] : [var.authorized_ip_ranges]

    content {
      authorized_ip_ranges = api_server_access_profile.value
    }
  }

  dynamic "oms_agent" {
    for_each = var.container_insights == null ? [] : [var.container_insights]

    content {
      log_analytics_workspace_id      = oms_agent.value.workspace_id
      msi_auth_for_monitoring_enabled = true
    }
  }

  lifecycle {
    # The autoscaler moves the count; that is no drift.
    ignore_changes = [default_node_pool[0].node_count]
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "this" {
  for_each = var.extra_node_pools

  name                  = each.key
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  vm_size               = each.value.vm_size
  vnet_subnet_id        = var.subnet_id
  zones                 = each.value.zones
  auto_scaling_enabled  = true
  min_count             = each.value.min
  max_count             = each.value.max
  node_labels           = each.value.labels
  node_taints           = each.value.taints
  os_sku                = "AzureLinux"
  tags                  = var.tags

  upgrade_settings {
    max_surge = "33%"
  }

  lifecycle {
    ignore_changes = [node_count]
  }
}

# The agent above signs in as an identity and then collects what a rule tells it to: without this, nothing.
resource "azurerm_monitor_data_collection_rule_association" "container_insights" {
  count = var.container_insights == null ? 0 : 1

  name                    = "ContainerInsightsExtension"
  target_resource_id      = azurerm_kubernetes_cluster.this.id
  data_collection_rule_id = var.container_insights.data_collection_rule_id
}
