{{/* The pod of a component. (dict "root" . "component" name) */}}

{{- define "gws-observatory.token" -}}
{{- if ne .component "web" }}{{ include "gws-observatory.inCluster" .root }}{{ end -}}
{{- end -}}

{{/* What every container of ours has, whatever it runs: (dict "root" .) */}}
{{- define "gws-observatory.container" -}}
image: {{ include "gws-observatory.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- with .root.Values.securityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "gws-observatory.env" -}}
- name: GWS_OBSERVATORY__SERVER__HOST
  value: {{ default "0.0.0.0" (default dict .Values.config.server).host | quote }}
- name: GWS_OBSERVATORY__SERVER__PORT
  value: {{ include "gws-observatory.port" . | quote }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gws-observatory.port" -}}
{{- default 8050 (default dict .Values.config.server).port | int -}}
{{- end -}}

{{/* (dict "root" . "component" name) */}}
{{- define "gws-observatory.mounts" -}}
- {name: config, mountPath: {{ include "gws-observatory.folder" . }}/config, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- range $name, $_ := include "gws-observatory.mounted" (set . "kind" "secrets") | fromJson }}
- {name: secret-{{ $name }}, mountPath: {{ include "gws-observatory.folder" $ }}/secrets/{{ $name }}, readOnly: true}
{{- end }}
{{- range $name, $_ := include "gws-observatory.mounted" (set . "kind" "files") | fromJson }}
- {name: files-{{ $name }}, mountPath: {{ include "gws-observatory.folder" $ }}/files/{{ $name }}, readOnly: true}
{{- end }}
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (dict "root" . "component" name "configMap" name) */}}
{{- define "gws-observatory.volumes" -}}
- name: config
  configMap: {name: {{ .configMap }}}
- name: tmp
  emptyDir: {sizeLimit: 512Mi}
{{- range $name, $secret := include "gws-observatory.mounted" (set . "kind" "secrets") | fromJson }}
- name: secret-{{ $name }}
  secret:
    secretName: {{ $secret.secretName }}
    defaultMode: 0440
    {{- with $secret.items }}
    items: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- range $name, $files := include "gws-observatory.mounted" (set . "kind" "files") | fromJson }}
- name: files-{{ $name }}
  configMap:
    name: {{ $files.configMapName }}
    {{- with $files.items }}
    items: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where it may run and as whom. */}}
{{- define "gws-observatory.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.podSecurityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Apart from each other, where there is room. */}}
{{- define "gws-observatory.spread" -}}
{{- if .root.Values.topologySpreadConstraints }}
{{- toYaml .root.Values.topologySpreadConstraints }}
{{- else }}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "gws-observatory.selector" $.root | nindent 6 }}
      app.kubernetes.io/component: {{ $.component }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "gws-observatory.podLabels" -}}
{{ include "gws-observatory.labels" .root }}
app.kubernetes.io/component: {{ .component }}
{{- with .root.Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gws-observatory.pod" -}}
{{- $values := .root.Values -}}
metadata:
  labels:
    {{- include "gws-observatory.podLabels" . | nindent 4 }}
    gws-observatory/serves: "true"
  annotations:
    checksum/config: {{ include "gws-observatory.lastingConfig" . | sha256sum }}
    {{- with $values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "gws-observatory.serviceAccount" . }}
  automountServiceAccountToken: {{ ne "" (include "gws-observatory.token" .) }}
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  {{- with include "gws-observatory.placement" .root | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- if ne .component "observatory" }}
  topologySpreadConstraints: {{- include "gws-observatory.spread" . | nindent 4 }}
  {{- end }}
  containers:
    - name: gws-observatory
      {{- include "gws-observatory.container" . | nindent 6 }}
      args:
        - serve
        - --config
        - {{ include "gws-observatory.folder" .root }}/config/config.yaml
        {{- if ne .component "observatory" }}
        - --role
        - {{ .component }}
        {{- end }}
      env: {{- include "gws-observatory.env" .root | nindent 8 }}
      {{- with $values.extraEnvFrom }}
      envFrom: {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - {name: http, containerPort: {{ include "gws-observatory.port" .root }}, protocol: TCP}
      startupProbe: {{- toYaml (merge (dict "httpGet" (dict "path" "/healthz" "port" "http")) $values.startupProbe) | nindent 8 }}
      livenessProbe: {{- toYaml (merge (dict "httpGet" (dict "path" "/healthz" "port" "http")) $values.livenessProbe) | nindent 8 }}
      readinessProbe: {{- toYaml (merge (dict "httpGet" (dict "path" "/readyz" "port" "http")) $values.readinessProbe) | nindent 8 }}
      {{- if eq .component "web" }}
      lifecycle:
        preStop: {exec: {command: [sleep, {{ $values.web.leaveSeconds | quote }}]}}
      {{- end }}
      resources: {{- toYaml (ternary $values.resources (get $values .component | default dict).resources (eq .component "observatory")) | nindent 8 }}
      volumeMounts:
        {{- include "gws-observatory.mounts" . | nindent 8 }}
        - {name: data, mountPath: {{ include "gws-observatory.data" .root }}}
    {{- if and $values.extraContainers (ne .component "collect") }}
    {{- toYaml $values.extraContainers | nindent 4 }}
    {{- end }}
  volumes:
    {{- include "gws-observatory.volumes" (dict "root" .root "component" .component "configMap" (include "gws-observatory.componentName" .)) | nindent 4 }}
    - name: data
      {{- if and (eq .component "observatory") $values.persistence.enabled }}
      persistentVolumeClaim: {claimName: {{ include "gws-observatory.claim" .root }}}
      {{- else }}
      emptyDir: {sizeLimit: {{ ternary $values.persistence.size "1Gi" (eq .component "observatory") }}}
      {{- end }}
{{- end -}}
