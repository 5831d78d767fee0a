# Good values, for every run in this folder; a run names what it changes.

name                = "id-petclinic-controller"
resource_group_name = "rg-petclinic-pilot"
location            = "koreacentral"
