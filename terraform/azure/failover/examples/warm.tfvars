# A standby that runs small; on the day the controller scales the pool, and no pipeline is on the critical path.
workload              = "petclinic"
tier                  = "warm"
state_storage_account = "stpetclinicdata0a1b2c"

nodes = {
  count = 3
  max   = 6
  warm  = 1
}

# Cheaper by the hour; its secret is then in the state (docs/terraform.md, "The origin secret").
gateway = {
  sku_tier = "Standard_v2"
}
