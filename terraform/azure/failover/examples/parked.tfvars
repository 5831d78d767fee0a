# A standby that is built beforehand at full size and then stopped (pilotlight park); three calls wake it on the day.
workload              = "petclinic"
tier                  = "parked"
state_storage_account = "stpetclinicdata0a1b2c"

# A machine with a disk of its own, so that the nodes leave no disk behind that costs money while they are stopped.
nodes = {
  vm_size = "Standard_D4ds_v5"
  os_disk = "Ephemeral"
  count   = 3
  max     = 6
}
