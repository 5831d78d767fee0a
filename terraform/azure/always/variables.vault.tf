variable "vault_allowed_ip_ranges" {
  description = "Public ranges that may reach the vault, besides the virtual network and Azure's own services; empty means everybody with the right role."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.vault_allowed_ip_ranges : can(cidrnetmask(range))])
    error_message = "vault_allowed_ip_ranges must hold IPv4 ranges in CIDR form, for example \"203.0.113.0/24\"."
  }
}

variable "certificate_issuer" {
  description = "Who issues the standby's certificate: Self (a placeholder that CloudFront refuses: import the real one over it) or the name of a certificate authority that is set up in the vault."
  type        = string
  default     = "Self"
  nullable    = false

  # With Unknown the certificate has no secret until somebody merges it, and a gateway cannot be built on that.
  validation {
    condition     = can(regex("^[A-Za-z0-9-]{1,127}$", var.certificate_issuer)) && var.certificate_issuer != "Unknown"
    error_message = "certificate_issuer must be \"Self\" or the name of a certificate authority in the vault; \"Unknown\" leaves the gateway without a certificate."
  }
}

variable "secrets" {
  description = <<-EOT
    Values of the secrets, written to the vault and nowhere else: origin (what CloudFront sends in
    x-pilotlight-origin-secret; two values with a comma between them during a rotation), mysql_administrator and database
    (password of the application). Ephemeral: neither a plan nor the state holds them.
  EOT
  type = object({
    origin              = string
    mysql_administrator = string
    database            = string
  })
  nullable  = false
  ephemeral = true
  sensitive = true

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{32,128}(,[A-Za-z0-9_-]{32,128})?$", var.secrets.origin))
    error_message = "secrets: origin must be 32 to 128 letters, digits, hyphens and underscores, or two such values with a comma between them."
  }

  validation {
    condition = alltrue([
      for password in [var.secrets.mysql_administrator, var.secrets.database] :
      can(regex("^[A-Za-z0-9_-]{16,128}$", password)) && can(regex("[a-z]", password)) && can(regex("[A-Z]", password)) && can(regex("[0-9]", password))
    ])
    error_message = "secrets: mysql_administrator and database must be 16 to 128 letters, digits, hyphens and underscores, with small letters, capitals and digits."
  }
}

variable "secrets_version" {
  description = "A number to raise when a secret has changed: Terraform cannot see a write-only value, so this tells it to write again."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version
    error_message = "secrets_version must be a whole number from 1."
  }
}
