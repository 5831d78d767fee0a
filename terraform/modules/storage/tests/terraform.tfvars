# Good values, for every run in this folder; a run names what it changes.

name                = "stpetclinicdata"
resource_group_name = "rg-petclinic-pilot"
location            = "koreacentral"
containers          = { backups = { delete_after_days = 30 }, tfstate = {} }
