output "id" {
  description = "Id of the cluster."
  value       = azurerm_kubernetes_cluster.this.id
}

output "name" {
  description = "Name of the cluster."
  value       = azurerm_kubernetes_cluster.this.name
}

output "node_pool_name" {
  description = "Name of the pool that runs the application and that the controller scales in the warm tier."
  value       = azurerm_kubernetes_cluster.this.default_node_pool[0].name
}

output "oidc_issuer_url" {
  description = "Issuer of the tokens of the cluster's service accounts."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}

output "node_resource_group" {
  description = "Resource group that AKS makes for the nodes and load balancers."
  value       = azurerm_kubernetes_cluster.this.node_resource_group
}
