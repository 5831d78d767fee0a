# Good values, for every run in this folder; a run names what it changes.

name                = "petclinic"
resource_group_name = "rg-petclinic-pilot"
location            = "koreacentral"
address_space       = "10.42.0.0/16"
domain_name_label   = "petclinic-standby"
