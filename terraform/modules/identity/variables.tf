variable "name" {
  description = "Name of the user-assigned identity."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$", var.name))
    error_message = "name must be 3 to 128 letters, digits, hyphens and underscores, and start with a letter or digit."
  }
}

variable "resource_group_name" {
  description = "Resource group of the identity."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Azure region of the identity; it may differ from the region where the identity is used."
  type        = string
  nullable    = false

  # Regions where Azure refuses a federated credential on a user-assigned identity (vendor page, as stored in 2026-11).
  validation {
    condition     = length(var.trusts) == 0 || !contains(["eastasia", "swedencentral", "uksouth2"], var.location)
    error_message = "location: Azure creates no federated credential on an identity in eastasia, swedencentral or uksouth2. Put the identity in another region; it works everywhere."
  }
}

variable "trusts" {
  description = <<-EOT
    Whose tokens Entra ID exchanges for a token of this identity, by a name: issuer (exact), subject (exact, case counts)
    and audience. Instead of a secret, this is what a caller needs.
  EOT
  type = map(object({
    issuer   = string
    subject  = string
    audience = optional(string, "api://AzureADTokenExchange")
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.trusts) <= 20
    error_message = "trusts: Azure takes at most 20 federated credentials on one identity."
  }

  validation {
    condition     = alltrue([for name in keys(var.trusts) : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$", name))])
    error_message = "trusts must have names of 3 to 120 letters, digits, hyphens and underscores."
  }

  # Entra compares the issuer as text, so a slash too many is an AADSTS700211 on the day. AKS alone issues with a slash.
  validation {
    condition = alltrue([
      for trust in values(var.trusts) : can(regex("^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]*)?$", trust.issuer))
    ])
    error_message = "trusts: issuer must be an https URL without a query, exactly as the issuer writes it in its tokens."
  }

  # The token's subject is the role itself, never the session, and GetWebIdentityToken has one issuer for each account.
  validation {
    condition = alltrue([
      for trust in values(var.trusts) :
      can(regex("^https://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tokens\\.sts\\.global\\.api\\.aws$", trust.issuer))
      if strcontains(trust.issuer, "amazonaws") || strcontains(trust.issuer, ".aws")
    ])
    error_message = "trusts: an issuer in AWS must be https://<uuid>.tokens.sts.global.api.aws, as \"aws iam get-outbound-web-identity-federation-info\" prints in IssuerIdentifier, without a slash at the end."
  }

  validation {
    condition = alltrue([
      for trust in values(var.trusts) :
      can(regex("^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$", trust.subject))
      if strcontains(trust.issuer, ".tokens.sts.")
    ])
    error_message = "trusts: for an issuer in AWS the subject must be the ARN of the IAM role (arn:aws:iam::<account>:role/<name>), not of a session and without a wildcard."
  }

  validation {
    condition     = alltrue([for trust in values(var.trusts) : length(trust.subject) > 0 && length(trust.subject) <= 600 && !strcontains(trust.subject, "*")])
    error_message = "trusts: subject must be 1 to 600 characters and hold no wildcard: Entra compares it as text."
  }
}

variable "custom_role" {
  description = <<-EOT
    A role of this identity's own: only the actions that it uses, on resources (actions) and on what is in them (data_actions).
    It is defined at scope, and given there or at given_at, a resource within. Null for none.
  EOT
  type = object({
    name         = string
    description  = string
    scope        = string
    given_at     = optional(string)
    actions      = optional(list(string), [])
    data_actions = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.custom_role == null ? true : length(var.custom_role.actions) + length(var.custom_role.data_actions) > 0
    error_message = "custom_role: actions and data_actions must not both be empty; give null for no role."
  }

  # Azure takes a role's definition at a subscription or a group, not at a single resource.
  validation {
    condition     = var.custom_role == null ? true : can(regex("^/subscriptions/[^/]+(/resourceGroups/[^/]+)?$", var.custom_role.scope))
    error_message = "custom_role: scope must be the id of a subscription or a resource group."
  }

  validation {
    condition     = try(var.custom_role.given_at, null) == null ? true : startswith(var.custom_role.given_at, "${var.custom_role.scope}/")
    error_message = "custom_role: given_at must be the id of a resource within scope: Azure gives a role nowhere else."
  }

  # A wildcard would let the controller do whatever Azure adds to the provider next year.
  validation {
    condition = var.custom_role == null ? true : alltrue([
      for action in concat(var.custom_role.actions, var.custom_role.data_actions) : can(regex("^Microsoft\\.[A-Za-z]+(/[A-Za-z]+)+/(read|write|delete|action)$", action))
    ])
    error_message = "custom_role: each action must be spelled out in full, like Microsoft.Network/applicationGateways/read, without a wildcard."
  }
}

variable "role_assignments" {
  description = "Roles that Azure ships, given to this identity, by a name: the role's name and the scope, the smallest that serves."
  type = map(object({
    role  = string
    scope = string
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for assignment in values(var.role_assignments) :
      !contains(["Owner", "User Access Administrator", "Role Based Access Control Administrator"], assignment.role)
    ])
    error_message = "role_assignments must not hold a role that can give roles (Owner, User Access Administrator, Role Based Access Control Administrator)."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
  nullable    = false
}
