{{/* The product's configuration, and what follows from it: namespaces, files, addresses. */}}

{{- define "gws-observatory.folder" -}}/etc/gws-observatory{{- end -}}
{{- define "gws-observatory.data" -}}/var/lib/gws-observatory{{- end -}}

{{/* What `serve` is given, as YAML. (dict "root" . "component" name). A pod that answers
     viewers asks no source, so it is told no more of one than its pages show. */}}
{{- define "gws-observatory.config" -}}
{{- $config := deepCopy .root.Values.config -}}
{{- if eq .component "observatory" -}}
{{- $records := printf "%s/records.db" (include "gws-observatory.data" .root) -}}
{{- $_ := set $config "storage" (merge (default dict $config.storage) (dict "records" $records)) -}}
{{- else if eq .component "web" -}}
{{- $deployments := list -}}
{{- range $config.deployments -}}
{{- $shown := omit . "kubernetes" "consul" "scrape" "probes" "prometheus" "alertmanager" "backends" -}}
{{- with .kubernetes }}{{ $_ := set $shown "kubernetes" (omit . "kubeconfig") }}{{ end -}}
{{- with .consul }}{{ $_ := set $shown "consul" (pick . "url" "datacenter") }}{{ end -}}
{{- $deployments = append $deployments $shown -}}
{{- end -}}
{{- $_ := set $config "deployments" $deployments -}}
{{- $_ := set $config "storage" (merge (deepCopy .root.Values.web.storage) $config.storage) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{/* The Secrets or ConfigMaps, by their folders, that a component's configuration names. All
     are there for a single process, for which variables may name them too.
     (dict "root" . "component" name "kind" "secrets") */}}
{{- define "gws-observatory.mounted" -}}
{{- $config := include "gws-observatory.config" . -}}
{{- $found := dict -}}
{{- range $name, $source := get .root.Values .kind -}}
{{- $folder := printf "%s/%s/%s/" (include "gws-observatory.folder" $) $.kind $name -}}
{{- if or (eq $.component "observatory") (contains $folder $config) }}{{ $_ := set $found $name $source }}{{ end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* Likewise without what takes effect in a running process: only another one of the rest
     is a reason to start anew. */}}
{{- define "gws-observatory.lastingConfig" -}}
{{- $config := include "gws-observatory.config" . | fromYaml -}}
{{- $deployments := list -}}
{{- range $config.deployments -}}
{{- $deployments = append $deployments (omit . "limits" "traffic" "maintenance") -}}
{{- end -}}
{{- set $config "deployments" $deployments | toJson -}}
{{- end -}}

{{/* Whether some deployment is watched with this pod's own service account. */}}
{{- define "gws-observatory.inCluster" -}}
{{- range .Values.config.deployments -}}
{{- if (default dict .kubernetes).in_cluster }}true{{ end -}}
{{- end -}}
{{- end -}}

{{/* Every namespace that is watched with it, as a JSON list. A box lives where its role
     says, or where `topology.nodes` puts it. */}}
{{- define "gws-observatory.namespaces" -}}
{{- $roles := dict
      "service-proxy" "gws" "platform-services" "gws" "gplus-adapter" "gws"
      "agent-setup" "gws" "workspace" "gws" "provisioning" "gws" "setting" "gws"
      "data-collector" "gws" "configuration" "gws" "interaction" "gws" "voice" "gws"
      "statistics" "gws" "consul" "infra" "postgresql" "infra" "redis" "infra"
      "elasticsearch" "infra" "tenant" "voice" "voicemail" "voice"
      "authentication" "gauth" "iwd" "iwd" "digital-channels" "nexus" "ucs" "ucsx" -}}
{{- $found := dict -}}
{{- range .Values.config.deployments -}}
{{- if (default dict .kubernetes).in_cluster -}}
{{- $named := default dict .kubernetes.namespaces -}}
{{- $own := default dict (default dict .topology).nodes -}}
{{- range $node := concat (keys $roles) (keys $own) | uniq -}}
{{- $role := get $roles $node -}}
{{- $namespace := default (default $role (get $named $role)) (default dict (get $own $node)).namespace -}}
{{- if $namespace }}{{ $_ := set $found $namespace true }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- keys $found | sortAlpha | toJson -}}
{{- end -}}

{{/* Every text in a value with its place, a JSON object a line.
     (dict "place" "" "value" ...) */}}
{{- define "gws-observatory.texts" -}}
{{- $place := .place -}}
{{- if kindIs "map" .value -}}
{{- range $key, $inner := .value -}}
{{- include "gws-observatory.texts" (dict "place" (printf "%s.%s" $place $key) "value" $inner) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $at, $inner := .value -}}
{{- include "gws-observatory.texts" (dict "place" (printf "%s[%d]" $place $at) "value" $inner) -}}
{{- end -}}
{{- else if kindIs "string" .value -}}
{{- printf "%s\n" (dict "place" $place "text" .value | toJson) -}}
{{- end -}}
{{- end -}}

{{/* Whom a component connects to, as a JSON list of (dict "host" "port"). What people
     follow, the public address and links, is nobody that it connects to, and neither is a
     source to a pod that answers viewers. */}}
{{- define "gws-observatory.peers" -}}
{{- $ports := dict "http" 80 "https" 443 "redis" 6379 "rediss" 6379 "postgresql" 5432 -}}
{{- $peers := list -}}
{{- $config := include "gws-observatory.config" . | fromYaml -}}
{{- if eq .component "web" }}{{ $config = omit $config "deployments" }}{{ end -}}
{{- range splitList "\n" (include "gws-observatory.texts" (dict "place" "config" "value" $config)) -}}
{{- if . -}}
{{- $one := fromJson . -}}
{{- $address := trimPrefix "prometheus+" $one.text -}}
{{- $meant := not (regexMatch "\\.(public_url|links|redirect_url)(\\.|$)" $one.place) -}}
{{- if and $meant (regexMatch "^(https?|rediss?|postgresql|tcp|tls)://" $address) -}}
{{- $parts := urlParse $address -}}
{{- $port := regexFind ":[0-9]+$" $parts.host | trimPrefix ":" -}}
{{- $peers = append $peers (dict "host" $parts.hostname "port" (default (get $ports $parts.scheme) $port | int)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $peers | uniq | toJson -}}
{{- end -}}

{{/* What would only be noticed once it runs, told before anything is changed. */}}
{{- define "gws-observatory.check" -}}
{{- $storage := default dict .Values.config.storage -}}
{{- if eq .Values.mode "replicated" -}}
{{- if not (hasPrefix "redis" (default "" $storage.bus)) -}}
{{- fail "config.storage.bus: mode replicated needs a Redis, such as rediss://redis.infra:6379" -}}
{{- end -}}
{{- if not (hasPrefix "postgresql://" (default "" $storage.records)) -}}
{{- fail "config.storage.records: mode replicated needs a PostgreSQL, such as postgresql://observatory@postgresql.infra/observatory" -}}
{{- end -}}
{{- if not (or (hasPrefix "prometheus+" (default "none" $storage.history)) (eq "none" (default "none" $storage.history))) -}}
{{- fail "config.storage.history: mode replicated needs an engine, such as prometheus+http://victoria-metrics.monitoring:8428, or none" -}}
{{- end -}}
{{- else if .Values.web.autoscaling.enabled -}}
{{- fail "web.autoscaling.enabled: only web pods are many: it needs mode replicated" -}}
{{- end -}}
{{- $auth := default dict (default dict .Values.config.server).auth -}}
{{- if not $auth -}}
{{- fail "config.server.auth: say who may come in: mode oidc, proxy or basic (docs/sign-in.md); or, on purpose, {mode: open}: whoever reaches it sees everything and changes nothing" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (ne $auth.mode "open") (not $auth.metrics_open) (not .Values.serviceMonitor.authorization) -}}
{{- fail "serviceMonitor.authorization: /metrics is guarded: give the token of config.server.auth.metrics_token_file here too, or set metrics_open" -}}
{{- end -}}
{{- include "gws-observatory.checkFiles" . -}}
{{- end -}}

{{/* A file that the configuration names must be mounted by something. */}}
{{- define "gws-observatory.checkFiles" -}}
{{- $mounted := list -}}
{{- $folder := include "gws-observatory.folder" . -}}
{{- range $name, $_ := .Values.secrets }}{{ $mounted = append $mounted (printf "%s/secrets/%s/" $folder $name) }}{{ end -}}
{{- range $name, $_ := .Values.files }}{{ $mounted = append $mounted (printf "%s/files/%s/" $folder $name) }}{{ end -}}
{{- range .Values.extraVolumeMounts }}{{ $mounted = append $mounted .mountPath }}{{ end -}}
{{- $texts := include "gws-observatory.texts" (dict "place" "config" "value" .Values.config) -}}
{{- $texts = print $texts (include "gws-observatory.texts" (dict "place" "web.storage" "value" .Values.web.storage)) -}}
{{- range splitList "\n" $texts -}}
{{- if . -}}
{{- $one := fromJson . -}}
{{- if regexMatch "(_file|\\.kubeconfig)$" $one.place -}}
{{- $found := false -}}
{{- range $mounted }}{{ if hasPrefix . $one.text }}{{ $found = true }}{{ end }}{{ end -}}
{{- if not $found -}}
{{- fail (printf "%s: nothing is mounted at %s; name its Secret under secrets, or its ConfigMap under files, and write %s/secrets/<name>/<key>" $one.place $one.text $folder) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
