# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_a_hyphen" {
  command = plan

  variables {
    name = "st-petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_an_unknown_replication" {
  command = plan

  variables {
    replication_type = "XRS"
  }

  expect_failures = [var.replication_type]
}

run "refuses_versions_kept_for_no_time" {
  command = plan

  variables {
    version_retention_days = 0
  }

  expect_failures = [var.version_retention_days]
}

run "refuses_a_soft_delete_of_two_years" {
  command = plan

  variables {
    soft_delete_days = 730
  }

  expect_failures = [var.soft_delete_days]
}

run "refuses_a_container_name_with_capitals" {
  command = plan

  variables {
    containers = { Backups = {} }
  }

  expect_failures = [var.containers]
}

run "refuses_a_deletion_after_no_time" {
  command = plan

  variables {
    containers = { backups = { delete_after_days = 0 } }
  }

  expect_failures = [var.containers]
}

run "refuses_immutable_for_longer_than_kept" {
  command = plan

  variables {
    containers = { backups = { delete_after_days = 30, immutable_days = 31 } }
  }

  expect_failures = [var.containers]
}

run "refuses_versions_of_a_container_kept_for_no_time" {
  command = plan

  variables {
    containers = { handover = { version_retention_days = 0 } }
  }

  expect_failures = [var.containers]
}

run "refuses_an_exception_from_no_policy" {
  command = plan

  variables {
    containers = { backups = { delete_after_days = 30, append_allowed = true } }
  }

  expect_failures = [var.containers]
}

run "refuses_a_website_document_with_a_path" {
  command = plan

  variables {
    static_website = { index_document = "a/index.html", error_404_document = "index.html" }
  }

  expect_failures = [var.static_website]
}

run "refuses_a_firewall_range_that_storage_does_not_take" {
  command = plan

  variables {
    allowed_ip_ranges = ["203.0.113.7/32"]
  }

  expect_failures = [var.allowed_ip_ranges]
}

run "refuses_a_firewall_before_a_website" {
  command = plan

  variables {
    allowed_ip_ranges = ["203.0.113.0/24"]
    static_website    = { index_document = "index.html", error_404_document = "index.html" }
  }

  expect_failures = [var.allowed_ip_ranges]
}
