# What the job makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_container_app_environment" {
    defaults = {
      id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.App/managedEnvironments/cae-petclinic"
    }
  }
}

run "waits_for_somebody_to_start_it" {
  command = apply

  assert {
    condition     = azurerm_container_app_job.this.manual_trigger_config[0].parallelism == 1 && azurerm_container_app_job.this.replica_retry_limit == 0
    error_message = "It must run once, when it is started, and never again by itself."
  }

  assert {
    condition     = azurerm_container_app_job.this.identity[0].type == "UserAssigned" && length(azurerm_container_app_job.this.secret) == 0
    error_message = "It must work as the identity that it is given, without any secret."
  }

  assert {
    condition     = { for env in azurerm_container_app_job.this.template[0].container[0].env : env.name => env.value }["IDENTITY_CLIENT_ID"] == "33333333-4444-4555-8666-777777777777"
    error_message = "The container must know which identity to sign in as."
  }
}

run "pulls_from_a_registry_of_ones_own_by_the_identity" {
  command = apply

  variables {
    registry_server = "petclinic.azurecr.io"
  }

  assert {
    condition     = azurerm_container_app_job.this.registry[0].identity == var.identity.id
    error_message = "The registry must be read by the identity, without a password."
  }
}
