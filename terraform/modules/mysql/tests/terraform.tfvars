# Good values, for every run in this folder; a run names what it changes.

name                   = "mysql-petclinic-abc123"
resource_group_name    = "rg-petclinic-standby"
location               = "koreacentral"
administrator_password = "Correct-Horse-7-Battery"
delegated_subnet_id    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/virtualNetworks/vnet-petclinic/subnets/snet-database"
private_dns_zone_id    = "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/rg-petclinic-pilot/providers/Microsoft.Network/privateDnsZones/petclinic.private.mysql.database.azure.com"
databases              = { petclinic = {} }
