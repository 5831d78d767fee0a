# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_name_with_capitals" {
  command = plan

  variables {
    name = "Job-Petclinic"
  }

  expect_failures = [var.name]
}

run "refuses_an_image_by_a_tag" {
  command = plan

  variables {
    image = "ghcr.io/pilotlight/runner:latest"
  }

  expect_failures = [var.image]
}

run "refuses_an_end_that_leaves_terraform_no_time" {
  command = plan

  variables {
    timeout_seconds = 1800
  }

  expect_failures = [var.timeout_seconds]
}

run "refuses_memory_that_does_not_go_with_the_cores" {
  command = plan

  variables {
    size = { cpu = 2, memory = "2Gi" }
  }

  expect_failures = [var.size]
}
