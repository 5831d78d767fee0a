# What the two tiers build.

mock_provider "azurerm" {
  mock_resource "azurerm_application_gateway" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGateways/agw-petclinic"
    }
  }

  mock_resource "azurerm_resource_group_template_deployment" {
    defaults = {
      id             = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Resources/deployments/agw-petclinic-waf"
      output_content = "{\"policyId\": {\"type\": \"String\", \"value\": \"/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/agw-petclinic-waf\"}}"
    }
  }

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

  mock_resource "azurerm_mysql_flexible_server" {
    defaults = {
      id   = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby/providers/Microsoft.DBforMySQL/flexibleServers/mysql-petclinic-abc123"
      fqdn = "mysql-petclinic-abc123.mysql.database.azure.com"
    }
  }

  mock_data "azurerm_key_vault_secret" {
    defaults = {
      value = "0123456789abcdef0123456789abcdef"
    }
  }
}

run "tells_the_controller_what_it_reads" {
  command = apply

  assert {
    condition     = output.subscription_id == "22222222-3333-4444-8555-666666666666"
    error_message = "subscription_id must be handed on."
  }

  assert {
    condition     = output.tenant_id == "11111111-2222-4333-8444-555555555555"
    error_message = "tenant_id must be handed on."
  }

  assert {
    condition     = output.controller_client_id == "33333333-4444-4555-8666-777777777777"
    error_message = "controller_client_id must be handed on."
  }

  assert {
    condition     = output.resource_group == "rg-petclinic-standby"
    error_message = "resource_group must be handed on."
  }

  assert {
    condition     = output.application_gateway_name == "agw-petclinic"
    error_message = "application_gateway_name must be handed on."
  }

  assert {
    condition     = output.aks_cluster_name == "aks-petclinic"
    error_message = "aks_cluster_name must be handed on."
  }

  assert {
    condition     = output.aks_node_pool_name == "workload"
    error_message = "aks_node_pool_name must be handed on."
  }

  assert {
    condition     = output.mysql_server_name == "mysql-petclinic-abc123"
    error_message = "mysql_server_name must be handed on."
  }

  assert {
    condition     = output.standby_domain_name == "standby.example.com"
    error_message = "standby_domain_name must be handed on."
  }

  assert {
    condition     = output.maintenance_domain_name == "stpetclinicweb.z12.web.core.windows.net"
    error_message = "maintenance_domain_name must be handed on."
  }
}

run "tells_the_pipeline_what_it_reads" {
  command = apply

  assert {
    condition     = output.tier == "cold"
    error_message = "tier must be handed on."
  }

  assert {
    condition     = output.location == "koreacentral"
    error_message = "location must be handed on."
  }

  assert {
    condition     = output.mysql_fqdn == "mysql-petclinic-abc123.mysql.database.azure.com"
    error_message = "mysql_fqdn must be handed on."
  }

  assert {
    condition     = output.mysql_database_name == "petclinic"
    error_message = "mysql_database_name must be handed on."
  }

  assert {
    condition     = output.mysql_administrator_login == "pilotlight"
    error_message = "mysql_administrator_login must be handed on."
  }

  assert {
    condition     = output.mysql_subnet_cidr == "10.42.5.0/28"
    error_message = "mysql_subnet_cidr must be handed on."
  }

  assert {
    condition     = output.gateway_subnet_cidr == "10.42.4.0/24"
    error_message = "gateway_subnet_cidr must be handed on."
  }

  assert {
    condition     = output.application_private_ip == "10.42.3.246"
    error_message = "application_private_ip must be handed on."
  }

  assert {
    condition     = output.key_vault_name == "kv-petclinic"
    error_message = "key_vault_name must be handed on."
  }

  assert {
    condition     = output.workload_client_id == "77777777-8888-4999-8aaa-bbbbbbbbbbbb"
    error_message = "workload_client_id must be handed on."
  }

  assert {
    condition     = output.restore_client_id == "88888888-9999-4aaa-8bbb-cccccccccccc"
    error_message = "restore_client_id must be handed on."
  }

  assert {
    condition     = output.data_account_name == "stpetclinicdata"
    error_message = "data_account_name must be handed on."
  }
}

run "trusts_the_service_accounts_of_the_new_cluster" {
  command = apply

  assert {
    condition     = azurerm_federated_identity_credential.pods["application"].issuer == "https://koreacentral.oic.prod-aks.azure.com/11111111-2222-4333-8444-555555555555/aaaa/" && azurerm_federated_identity_credential.pods["restore"].issuer == "https://koreacentral.oic.prod-aks.azure.com/11111111-2222-4333-8444-555555555555/aaaa/"
    error_message = "The issuer must be the new cluster."
  }

  assert {
    condition     = azurerm_federated_identity_credential.pods["restore"].user_assigned_identity_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-restore"
    error_message = "Each service account must have its own identity."
  }

  assert {
    condition     = azurerm_federated_identity_credential.pods["application"].subject == "system:serviceaccount:petclinic:petclinic"
    error_message = "The subject must be the service account."
  }
}

run "writes_the_logs_of_all_three" {
  command = apply

  assert {
    condition     = toset(keys(azurerm_monitor_diagnostic_setting.this)) == toset(["gateway", "cluster", "database"])
    error_message = "Gateway, cluster and database must log."
  }

  assert {
    condition     = alltrue([for setting in azurerm_monitor_diagnostic_setting.this : setting.log_analytics_workspace_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic"])
    error_message = "All logs must go to the workspace that is always there."
  }
}

run "reads_the_origin_secret_only_where_routing_needs_it" {
  command = apply

  assert {
    condition     = length(data.azurerm_key_vault_secret.origin) == 0
    error_message = "With the firewall, Terraform must not read the secret."
  }

  assert {
    condition     = module.application_gateway.firewall_policy_id != null
    error_message = "The firewall must be there by default."
  }
}

run "routes_by_the_secret_in_the_cheaper_tier" {
  command = apply

  variables {
    gateway = { sku_tier = "Standard_v2" }
  }

  assert {
    condition     = length(data.azurerm_key_vault_secret.origin) == 1
    error_message = "Routing needs the secret."
  }

  assert {
    condition     = module.application_gateway.firewall_policy_id == null
    error_message = "The cheaper tier has no firewall."
  }
}

run "sizes_a_cold_standby_for_the_day" {
  command = plan

  assert {
    condition     = local.size == { node_count = 3, gateway_min = 2 }
    error_message = "A cold standby must take the load at once."
  }
}

run "builds_a_parked_standby_at_full_size" {
  command = plan

  variables {
    tier = "parked"
  }

  assert {
    condition     = local.size == local.sizes.cold
    error_message = "A parked standby must serve the moment it is awake."
  }
}

run "keeps_a_warm_standby_small" {
  command = plan

  variables {
    tier = "warm"
  }

  assert {
    condition     = local.size == { node_count = 1, gateway_min = 1 }
    error_message = "A warm standby must be cheap until the day."
  }

  assert {
    condition     = output.tier == "warm"
    error_message = "The tier must be handed on."
  }
}
