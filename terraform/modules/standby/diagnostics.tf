locals {
  # Categories that answer the questions of a failover: who was refused, why is a backend down, what did the database do.
  diagnostics = {
    gateway = {
      target     = module.application_gateway.id
      categories = ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"]
    }
    cluster = {
      target     = module.aks.id
      categories = ["cluster-autoscaler", "guard", "kube-audit-admin"]
    }
    database = {
      target     = module.mysql.id
      categories = ["MySqlSlowLogs", "MySqlAuditLogs"]
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  for_each = local.diagnostics

  name                       = "pilotlight"
  target_resource_id         = each.value.target
  log_analytics_workspace_id = var.pilot.workspace_id

  dynamic "enabled_log" {
    for_each = each.value.categories

    content {
      category = enabled_log.value
    }
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
