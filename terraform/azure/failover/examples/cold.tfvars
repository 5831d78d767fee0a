# A standby that is built on the day, at full size.
workload              = "petclinic"
tier                  = "cold"
state_storage_account = "stpetclinicdata0a1b2c"

nodes = {
  count = 3
  max   = 6
}
