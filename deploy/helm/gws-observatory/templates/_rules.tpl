{{/* The groups of rules/alerts.yaml that are wanted, without the alerts that are not, about
     the namespaces that are watched. */}}

{{- define "gws-observatory.ruleGroups" -}}
{{- $wanted := .Values.prometheusRule -}}
{{- $usual := "gauth|gws|infra|iwd|nexus|ucsx|voice" -}}
{{- $watched := default (include "gws-observatory.namespaces" . | fromJsonArray) $wanted.namespaces -}}
{{- $file := .Files.Get "rules/alerts.yaml" -}}
{{- if $watched }}{{ $file = replace $usual (join "|" $watched) $file }}{{ end -}}
{{- $known := list -}}
{{- $groups := list -}}
{{- range ($file | fromYaml).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- $known = append $known .alert -}}
{{- if not (has .alert $wanted.disabled) }}{{ $rules = append $rules . }}{{ end -}}
{{- end -}}
{{- if and $rules (get $wanted.groups .name) }}{{ $groups = append $groups (dict "name" .name "rules" $rules) }}{{ end -}}
{{- end -}}
{{- range $wanted.disabled -}}
{{- if not (has . $known) }}{{ fail (printf "prometheusRule.disabled: there is no alert %s; there are %s" . (join ", " $known)) }}{{ end -}}
{{- end -}}
{{- dict "groups" (concat $groups $wanted.additionalGroups) | toYaml -}}
{{- end -}}
