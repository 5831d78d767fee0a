# Good values, for every run in this folder; a run names what it changes.

workload                     = "petclinic"
tier                         = "cold"
mysql_administrator_password = "Correct-Horse-7-Battery"

pilot = {
  workload           = "petclinic"
  location           = "koreacentral"
  zones              = ["1", "2", "3"]
  tags               = { workload = "petclinic" }
  virtual_network    = "10.42.0.0/16"
  ingress_ip         = "10.42.3.246"
  public_ip_id       = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/publicIPAddresses/pip-petclinic-gateway"
  private_zone_id    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
  workspace_id       = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.OperationalInsights/workspaces/log-petclinic"
  collection_rule_id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Insights/dataCollectionRules/dcr-petclinic-containers"
  vault_id           = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic"
  secrets_version    = 3
  certificate_id     = "https://kv-petclinic.vault.azure.net/secrets/standby-tls"
  standby_domain     = "standby.example.com"
  maintenance_host   = "stpetclinicweb.z12.web.core.windows.net"
  subscription_id    = "22222222-3333-4444-8555-666666666666"
  tenant_id          = "11111111-2222-4333-8444-555555555555"
  controller_client  = "33333333-4444-4555-8666-777777777777"

  names = {
    standby_group       = "rg-petclinic-standby"
    vault               = "kv-petclinic"
    data_account        = "stpetclinicdata"
    application_gateway = "agw-petclinic"
    cluster             = "aks-petclinic"
    node_pool           = "workload"
    mysql_server        = "mysql-petclinic-abc123"
    database            = "petclinic"
  }
  subnet_ids = {
    nodes    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-nodes"
    gateway  = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-gateway"
    database = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-database"
  }
  subnet_cidrs = {
    nodes    = "10.42.0.0/22"
    gateway  = "10.42.4.0/24"
    database = "10.42.5.0/28"
  }
  secret_names = {
    origin              = "origin-secret"
    mysql_administrator = "mysql-administrator-password"
    database            = "petclinic-database-password"
  }
  service_accounts = {
    application = "system:serviceaccount:petclinic:petclinic"
    restore     = "system:serviceaccount:pilotlight-restore:restore"
  }
  identities = {
    gateway     = { id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-gateway" }
    cluster     = { id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-cluster" }
    kubelet     = { id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-kubelet", client_id = "55555555-6666-4777-8888-999999999999", principal_id = "66666666-7777-4888-8999-aaaaaaaaaaaa" }
    application = { id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-application", client_id = "77777777-8888-4999-8aaa-bbbbbbbbbbbb" }
    restore     = { id = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-restore", client_id = "88888888-9999-4aaa-8bbb-cccccccccccc" }
  }
}
