# What the identity makes of good values.

mock_provider "azurerm" {
  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id           = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-controller"
      client_id    = "33333333-4444-4555-8666-777777777777"
      principal_id = "44444444-5555-4666-8777-888888888888"
    }
  }

  mock_resource "azurerm_role_definition" {
    defaults = {
      role_definition_resource_id = "/subscriptions/22222222-3333-4444-8555-666666666666/providers/Microsoft.Authorization/roleDefinitions/cccccccc-dddd-4eee-8fff-000000000000"
    }
  }
}

run "trusts_a_role_of_aws" {
  command = apply

  variables {
    trusts = { aws-controller = { issuer = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws", subject = "arn:aws:iam::111122223333:role/pilotlight-controller" } }
  }

  assert {
    condition     = azurerm_federated_identity_credential.this["aws-controller"].issuer == "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws"
    error_message = "The issuer must be the account's own."
  }

  assert {
    condition     = azurerm_federated_identity_credential.this["aws-controller"].subject == "arn:aws:iam::111122223333:role/pilotlight-controller"
    error_message = "The subject must be the role."
  }

  assert {
    condition     = azurerm_federated_identity_credential.this["aws-controller"].audience == tolist(["api://AzureADTokenExchange"])
    error_message = "The audience must be the one that Entra exchanges."
  }

  assert {
    condition     = azurerm_federated_identity_credential.this["aws-controller"].user_assigned_identity_id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-controller"
    error_message = "The trust must belong to the identity."
  }
}

run "trusts_a_service_account_of_a_cluster" {
  command = apply

  variables {
    trusts = { pods = { issuer = "https://koreacentral.oic.prod-aks.azure.com/11111111-2222-4333-8444-555555555555/aaaa/", subject = "system:serviceaccount:petclinic:petclinic" } }
  }

  assert {
    condition     = azurerm_federated_identity_credential.this["pods"].subject == "system:serviceaccount:petclinic:petclinic"
    error_message = "An issuer outside AWS has subjects of its own form."
  }
}

run "gives_its_own_role_at_its_scope_only" {
  command = apply

  variables {
    custom_role = { name = "Pilotlight test", description = "Reads a gateway.", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby", actions = ["Microsoft.Network/applicationGateways/read", "Microsoft.Network/applicationGateways/backendhealth/action"] }
  }

  assert {
    condition     = azurerm_role_definition.this[0].permissions[0].actions == tolist(["Microsoft.Network/applicationGateways/read", "Microsoft.Network/applicationGateways/backendhealth/action"])
    error_message = "The role must hold the actions and no other."
  }

  assert {
    condition     = azurerm_role_definition.this[0].scope == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby" && azurerm_role_assignment.custom[0].scope == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby"
    error_message = "Definition and assignment must share the scope."
  }

  assert {
    condition     = azurerm_role_assignment.custom[0].principal_type == "ServicePrincipal"
    error_message = "The type must be said, or a new principal is not found."
  }

  assert {
    condition     = output.custom_role_id == "/subscriptions/22222222-3333-4444-8555-666666666666/providers/Microsoft.Authorization/roleDefinitions/cccccccc-dddd-4eee-8fff-000000000000"
    error_message = "The id of the role must be handed on."
  }
}

run "gives_a_role_that_azure_ships" {
  command = apply

  variables {
    role_assignments = { state = { role = "Storage Blob Data Reader", scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata" } }
  }

  assert {
    condition     = azurerm_role_assignment.shipped["state"].role_definition_name == "Storage Blob Data Reader"
    error_message = "The role must be the one that was asked for."
  }

  assert {
    condition     = azurerm_role_assignment.shipped["state"].principal_id == "44444444-5555-4666-8777-888888888888"
    error_message = "The role must be given to this identity."
  }
}

run "gives_nothing_that_was_not_asked_for" {
  command = apply

  assert {
    condition     = length(azurerm_federated_identity_credential.this) == 0 && length(azurerm_role_assignment.custom) == 0 && length(azurerm_role_assignment.shipped) == 0
    error_message = "No trust and no role by default."
  }

  assert {
    condition     = output.id == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-controller"
    error_message = "The id must be handed on."
  }

  assert {
    condition     = output.client_id == "33333333-4444-4555-8666-777777777777"
    error_message = "The client id must be handed on."
  }

  assert {
    condition     = output.principal_id == "44444444-5555-4666-8777-888888888888"
    error_message = "The principal id must be handed on."
  }

  assert {
    condition     = output.custom_role_id == null
    error_message = "No role of its own, no id."
  }
}

run "gives_a_role_on_data_at_one_container_only" {
  command = apply

  variables {
    custom_role = {
      name         = "Pilotlight test"
      description  = "Adds blobs."
      scope        = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot"
      given_at     = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/backups"
      data_actions = ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"]
    }
  }

  assert {
    condition     = azurerm_role_definition.this[0].permissions[0].data_actions == toset(["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action"]) && length(azurerm_role_definition.this[0].permissions[0].actions) == 0
    error_message = "The role must hold this action on data and nothing else."
  }

  assert {
    condition     = azurerm_role_definition.this[0].scope == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot"
    error_message = "Azure defines a role at a group."
  }

  assert {
    condition     = azurerm_role_assignment.custom[0].scope == "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/st/blobServices/default/containers/backups"
    error_message = "It must be given at the container and not at the group."
  }
}
