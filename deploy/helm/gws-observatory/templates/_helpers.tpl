{{/* Names, labels and what several templates say alike. */}}

{{- define "gws-observatory.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Outside of the release's own namespace a name must be told apart from that of
     another release. */}}
{{- define "gws-observatory.abroad" -}}
{{- printf "%s-%s" (include "gws-observatory.fullname" .) .Release.Namespace -}}
{{- end -}}

{{- define "gws-observatory.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gws-observatory.labels" -}}
{{ include "gws-observatory.selector" . }}
app.kubernetes.io/version: {{ default .Chart.AppVersion .Values.image.tag | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gws-observatory.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* The parts that run, as a JSON list: their component label, which is also what they
     are called by. */}}
{{- define "gws-observatory.components" -}}
{{- ternary (list "collect" "web") (list "observatory") (eq .Values.mode "replicated") | toJson -}}
{{- end -}}

{{/* Who answers viewers. */}}
{{- define "gws-observatory.frontComponent" -}}
{{- ternary "web" "observatory" (eq .Values.mode "replicated") -}}
{{- end -}}

{{/* (dict "root" . "component" name) */}}
{{- define "gws-observatory.componentName" -}}
{{- $fullname := include "gws-observatory.fullname" .root -}}
{{- if eq .component "observatory" }}{{ $fullname }}{{ else }}{{ printf "%s-%s" $fullname .component }}{{ end -}}
{{- end -}}

{{/* (dict "root" . "component" name); those who answer viewers have one of their own,
     which may do nothing. */}}
{{- define "gws-observatory.serviceAccount" -}}
{{- $wanted := .root.Values.serviceAccount -}}
{{- if $wanted.create -}}
{{- $name := default (include "gws-observatory.fullname" .root) $wanted.name -}}
{{- if eq .component "web" }}{{ $name }}-web{{ else }}{{ $name }}{{ end -}}
{{- else -}}
{{- default "default" $wanted.name -}}
{{- end -}}
{{- end -}}

{{- define "gws-observatory.claim" -}}
{{- default (include "gws-observatory.fullname" .) .Values.persistence.existingClaim -}}
{{- end -}}
