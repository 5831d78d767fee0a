# The standby itself is a module, because Terraform cannot test a root that holds an ephemeral resource: its mocked
# providers know none. Here is only what has to come from Azure before anything is built.
module "standby" {
  source = "../../modules/standby"

  workload                     = var.workload
  tier                         = var.tier
  pilot                        = local.pilot
  mysql_administrator_password = ephemeral.azurerm_key_vault_secret.mysql_administrator.value
  nodes                        = var.nodes
  kubernetes_version           = var.kubernetes_version
  aks_sku_tier                 = var.aks_sku_tier
  authorized_ip_ranges         = var.authorized_ip_ranges
  mysql                        = var.mysql
  gateway                      = var.gateway
  application                  = var.application
}
