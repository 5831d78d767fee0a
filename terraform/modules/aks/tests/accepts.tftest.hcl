# What the cluster makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_kubernetes_cluster" {
    defaults = {
      id              = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.ContainerService/managedClusters/aks-petclinic"
      oidc_issuer_url = "https://koreacentral.oic.prod-aks.azure.com/11111111-2222-4333-8444-555555555555/aaaa/"
    }
  }

  mock_resource "azurerm_kubernetes_cluster_node_pool" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.ContainerService/managedClusters/aks-petclinic/agentPools/batch"
    }
  }
}

run "builds_one_pool_that_scales_by_itself" {
  command = apply

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].auto_scaling_enabled
    error_message = "The pool must scale by itself."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].min_count == 3 && azurerm_kubernetes_cluster.this.default_node_pool[0].max_count == 6
    error_message = "The bounds must be those that were asked for."
  }

  assert {
    condition     = length(azurerm_kubernetes_cluster_node_pool.this) == 0
    error_message = "A second pool would wait for the first."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.auto_scaler_profile[0].new_pod_scale_up_delay == "0s"
    error_message = "New pods must not be held back."
  }

  assert {
    condition     = output.node_pool_name == "workload"
    error_message = "The name of the pool must be handed on."
  }
}

run "lets_nobody_in_without_entra_id" {
  command = apply

  assert {
    condition     = azurerm_kubernetes_cluster.this.local_account_disabled
    error_message = "There must be no admin certificate."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.azure_active_directory_role_based_access_control[0].azure_rbac_enabled
    error_message = "Azure roles must decide."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.oidc_issuer_enabled && azurerm_kubernetes_cluster.this.workload_identity_enabled
    error_message = "Pods must be able to exchange their tokens."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].network_policy == "cilium"
    error_message = "Network policies must be enforced."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].dns_service_ip == "10.96.0.10"
    error_message = "The DNS address must lie in the range of the services."
  }

  assert {
    condition     = length(azurerm_kubernetes_cluster.this.api_server_access_profile) == 0 && length(azurerm_kubernetes_cluster.this.oms_agent) == 0
    error_message = "No ranges and no workspace unless they are given."
  }

  assert {
    condition     = output.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.ContainerService/managedClusters/aks-petclinic" && output.name == "aks-petclinic"
    error_message = "Id and name must be handed on."
  }

  assert {
    condition     = output.oidc_issuer_url == "https://koreacentral.oic.prod-aks.azure.com/11111111-2222-4333-8444-555555555555/aaaa/"
    error_message = "The issuer must be handed on."
  }

  assert {
    condition     = output.node_resource_group == "rg-petclinic-standby-nodes"
    error_message = "The group of the nodes must be handed on."
  }
}

run "takes_ranges_a_workspace_and_a_second_pool" {
  command = apply

  variables {
    authorized_ip_ranges = ["203.0.113.7/32"]
    container_insights   = { workspace_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic", data_collection_rule_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Insights/dataCollectionRules/dcr-petclinic-containers" }
    extra_node_pools     = { batch = { vm_size = "Standard_D4s_v5", min = 0, max = 4 } }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.api_server_access_profile[0].authorized_ip_ranges == toset(["203.0.113.7/32"])
    error_message = "The ranges must be set."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.oms_agent[0].log_analytics_workspace_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic"
    error_message = "The workspace must be set."
  }

  assert {
    condition     = azurerm_monitor_data_collection_rule_association.container_insights[0].data_collection_rule_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Insights/dataCollectionRules/dcr-petclinic-containers"
    error_message = "The agent must be told what to collect."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.this["batch"].min_count == 0 && azurerm_kubernetes_cluster_node_pool.this["batch"].max_count == 4
    error_message = "The second pool must have its bounds."
  }
}

run "takes_an_ephemeral_disk_where_the_machine_has_one" {
  command = apply

  variables {
    node_pool = { name = "workload", vm_size = "Standard_D4ds_v5", os_disk = "Ephemeral", count = 3, min = 3, max = 6, zones = ["1"] }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].os_disk_type == "Ephemeral"
    error_message = "A parked cluster must leave no disk behind that costs money."
  }
}

run "takes_long_term_support_with_the_premium_tier" {
  command = apply

  variables {
    sku_tier           = "Premium"
    kubernetes_version = "1.33"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.support_plan == "AKSLongTermSupport"
    error_message = "Premium without long-term support would be money for nothing."
  }
}
