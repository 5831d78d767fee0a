terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.73.0"
    }
  }
}

provider "azurerm" {
  features {}
}

module "identity" {
  source = "../.."

  name                = "id-petclinic-controller"
  resource_group_name = "rg-petclinic-pilot"
  location            = "koreacentral"

  trusts = {
    aws-controller = {
      issuer  = "https://0a1b2c3d-1111-4222-8333-444455556666.tokens.sts.global.api.aws"
      subject = "arn:aws:iam::111122223333:role/pilotlight-controller"
    }
  }

  custom_role = {
    name        = "Pilotlight controller (petclinic)"
    description = "Reads the standby's gateway."
    scope       = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-standby"
    actions     = ["Microsoft.Network/applicationGateways/read", "Microsoft.Network/applicationGateways/backendhealth/action"]
  }

  role_assignments = {
    backups = {
      role  = "Storage Blob Data Reader"
      scope = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Storage/storageAccounts/stpetclinicdata/blobServices/default/containers/backups"
    }
  }
}
