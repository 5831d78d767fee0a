resource "azurerm_user_assigned_identity" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

resource "azurerm_federated_identity_credential" "this" {
  for_each = var.trusts

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.this.id
  issuer                    = each.value.issuer
  subject                   = each.value.subject
  audience                  = [each.value.audience]
}

resource "azurerm_role_definition" "this" {
  count = var.custom_role == null ? 0 : 1

  name              = var.custom_role.name
  description       = var.custom_role.description
  scope             = var.custom_role.scope
  assignable_scopes = [var.custom_role.scope]

  permissions {
    actions      = var.custom_role.actions
    data_actions = var.custom_role.data_actions
  }
}

resource "azurerm_role_assignment" "custom" {
  count = var.custom_role == null ? 0 : 1

  scope              = coalesce(var.custom_role.given_at, var.custom_role.scope)
  role_definition_id = azurerm_role_definition.this[0].role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.this.principal_id

  # Said outright, because a new principal is not yet known everywhere when Azure would look its type up.
  principal_type = "ServicePrincipal"
}

resource "azurerm_role_assignment" "shipped" {
  for_each = var.role_assignments

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_user_assigned_identity.this.principal_id
  principal_type       = "ServicePrincipal"
}
