# What must be refused: one wrong value each, everything else is good.

mock_provider "azurerm" {}

run "refuses_a_tier_that_there_is_not" {
  command = plan

  variables {
    tier = "hot"
  }

  expect_failures = [var.tier]
}

run "refuses_a_pilot_light_of_another_workload" {
  command = plan

  variables {
    workload = "bookshop"
  }

  expect_failures = [var.workload]
}

run "refuses_more_warm_nodes_than_on_the_day" {
  command = plan

  variables {
    nodes = { count = 2, warm = 3 }
  }

  expect_failures = [var.nodes]
}
