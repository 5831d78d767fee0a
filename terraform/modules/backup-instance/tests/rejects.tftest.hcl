# What must be refused: one wrong value each, everything else is good.

mock_provider "aws" {}

run "refuses_a_workload_with_a_hyphen" {
  command = plan

  variables {
    workload = "pet-clinic"
  }

  expect_failures = [var.workload]
}

run "refuses_a_zone_for_a_region" {
  command = plan

  variables {
    region = "eu-west-1a"
  }

  expect_failures = [var.region]
}

run "refuses_a_vpc_by_its_name" {
  command = plan

  variables {
    vpc_id = "main"
  }

  expect_failures = [var.vpc_id]
}

run "refuses_no_subnet" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_an_address_for_a_host" {
  command = plan

  variables {
    database = {
      host       = "10.0.20.5"
      cidrs      = ["10.0.20.0/22"]
      secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_port_beyond_all_ports" {
  command = plan

  variables {
    database = {
      host       = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs      = ["10.0.20.0/22"]
      secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      port       = 70000
    }
  }

  expect_failures = [var.database]
}

run "refuses_the_whole_internet_for_a_database" {
  command = plan

  variables {
    database = {
      host       = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs      = ["0.0.0.0/0"]
      secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_secret_with_a_wildcard" {
  command = plan

  variables {
    database = {
      host       = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs      = ["10.0.20.0/22"]
      secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-*"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_login_for_the_way_home_by_a_wildcard" {
  command = plan

  variables {
    database = {
      host            = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs           = ["10.0.20.0/22"]
      secret_arn      = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      home_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/*"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_secret_of_another_region" {
  command = plan

  variables {
    database = {
      host       = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs      = ["10.0.20.0/22"]
      secret_arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:petclinic/mover-AbCdEf"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_key_by_its_alias" {
  command = plan

  variables {
    database = {
      host        = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs       = ["10.0.20.0/22"]
      secret_arn  = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:alias/main"
    }
  }

  expect_failures = [var.database]
}

run "refuses_a_group_by_its_name" {
  command = plan

  variables {
    database = {
      host              = "petclinic.abcdefghijkl.eu-west-1.rds.amazonaws.com"
      cidrs             = ["10.0.20.0/22"]
      secret_arn        = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:petclinic/mover-AbCdEf"
      security_group_id = "database"
    }
  }

  expect_failures = [var.database]
}

run "refuses_an_account_that_was_not_filled_in" {
  command = plan

  variables {
    store = {
      account   = "unset"
      tenant_id = "11111111-2222-4333-8444-555555555555"
      client_id = "33333333-4444-4555-8666-777777777777"
    }
  }

  expect_failures = [var.store]
}

run "refuses_a_client_by_its_name" {
  command = plan

  variables {
    store = {
      account   = "stpetclinicdata1a2b3c"
      tenant_id = "11111111-2222-4333-8444-555555555555"
      client_id = "id-petclinic-backup-writer"
    }
  }

  expect_failures = [var.store]
}

run "refuses_an_image_by_a_tag" {
  command = plan

  variables {
    image = "ghcr.io/pilotlight/mover:latest"
  }

  expect_failures = [var.image]
}

run "refuses_the_placeholder_of_a_digest" {
  command = plan

  variables {
    image = "ghcr.io/pilotlight/mover@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  }

  expect_failures = [var.image]
}

run "refuses_a_machine_of_another_architecture" {
  command = plan

  variables {
    instance_type = "t3.small"
  }

  expect_failures = [var.instance_type]
}

run "refuses_a_disk_without_room_for_a_proof" {
  command = plan

  variables {
    disk_gb = 10
  }

  expect_failures = [var.disk_gb]
}

run "refuses_a_spool_that_fills_the_disk" {
  command = plan

  variables {
    spool_max_mb = 60000
  }

  expect_failures = [var.spool_max_mb]
}

run "refuses_shipping_once_a_minute" {
  command = plan

  variables {
    ship_every_seconds = 60
  }

  expect_failures = [var.ship_every_seconds]
}

run "refuses_a_time_that_does_not_exist" {
  command = plan

  variables {
    schedule = { dump = "25:00" }
  }

  expect_failures = [var.schedule]
}

run "refuses_a_boundary_that_is_a_role" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::111122223333:role/boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}
