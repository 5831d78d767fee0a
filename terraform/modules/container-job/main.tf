# An environment without anything in it costs nothing, and neither does a job that does not run: both wait all year for the day.
resource "azurerm_container_app_environment" "this" {
  name                       = var.environment_name
  resource_group_name        = var.resource_group_name
  location                   = var.location
  logs_destination           = "log-analytics"
  log_analytics_workspace_id = var.log_analytics_workspace_id
  tags                       = var.tags

  workload_profile {
    name                  = "Consumption"
    workload_profile_type = "Consumption"
  }
}

resource "azurerm_container_app_job" "this" {
  name                         = var.name
  resource_group_name          = var.resource_group_name
  location                     = var.location
  container_app_environment_id = azurerm_container_app_environment.this.id
  workload_profile_name        = "Consumption"
  tags                         = var.tags

  # A second try by itself could begin while the controller has given the run up: it starts anew what it wants anew.
  replica_retry_limit        = 0
  replica_timeout_in_seconds = var.timeout_seconds

  manual_trigger_config {
    parallelism              = 1
    replica_completion_count = 1
  }

  # No secret: the platform hands the container tokens of this identity.
  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }

  dynamic "registry" {
    for_each = var.registry_server == null ? [] : [var.registry_server]

    content {
      server   = registry.value
      identity = var.identity.id
    }
  }

  template {
    container {
      name   = "runner"
      image  = var.image
      cpu    = var.size.cpu
      memory = var.size.memory

      # The request itself is added by whoever starts an execution. None of these is secret.
      dynamic "env" {
        for_each = {
          IDENTITY_CLIENT_ID = var.identity.client_id
          TENANT_ID          = var.tenant_id
          SUBSCRIPTION_ID    = var.subscription_id
        }

        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}
