# What terraform/azure/always made, read from its state: one hand-over, no name written twice.
data "terraform_remote_state" "pilot" {
  backend = "azurerm"

  config = {
    storage_account_name = var.state_storage_account
    container_name       = "tfstate"
    key                  = "${var.workload}/always.tfstate"
    use_azuread_auth     = true
    use_oidc             = true
  }
}

locals {
  pilot = data.terraform_remote_state.pilot.outputs.pilot
}

# Read while Terraform runs and gone afterwards: neither the plan nor the state holds it.
ephemeral "azurerm_key_vault_secret" "mysql_administrator" {
  name         = local.pilot.secret_names.mysql_administrator
  key_vault_id = local.pilot.vault_id
}
