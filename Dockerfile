# Understudy as an image: built in one stage, run in another with production dependencies only.
# Both base images can be pinned: --build-arg BUILD_DIGEST=sha256:… --build-arg RUN_DIGEST=sha256:…
ARG BUILD_IMAGE=docker.io/library/node:24-bookworm
ARG BUILD_DIGEST
ARG RUN_IMAGE=docker.io/library/node:24-bookworm-slim
ARG RUN_DIGEST

FROM ${BUILD_IMAGE}${BUILD_DIGEST:+@${BUILD_DIGEST}} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.api.json tsconfig.dashboard.json ./
COPY scripts/sweep-build.mjs scripts/bundle.mjs ./scripts/
COPY src ./src
RUN npm run build
RUN npm prune --omit=dev

FROM ${RUN_IMAGE}${RUN_DIGEST:+@${RUN_DIGEST}}
LABEL org.opencontainers.image.title="Understudy"
LABEL org.opencontainers.image.description="A local, stateful stand-in for the HTTP APIs of Proficient AI, Pagecall and Conductor"
LABEL org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production UNDERSTUDY_HOST=0.0.0.0 UNDERSTUDY_PORT=4010
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY assets ./assets
COPY openapi ./openapi
COPY fixtures ./fixtures
# Mount points: /data for sandboxes that outlive the container (--data /data), /fixtures for your own rows (--fixtures /fixtures).
RUN mkdir -p /data /fixtures && chown node:node /data
USER node
EXPOSE 4010
# The health check reads the variables above and UNDERSTUDY_ADMIN_PORT; set ports there, not with flags.
HEALTHCHECK --interval=5s --timeout=4s --start-period=10s CMD ["node", "dist/main.js", "wait", "--timeout", "3"]
CMD ["node", "dist/main.js"]
# Labels from build arguments; last, so that a new revision reuses the layers above.
ARG RUN_IMAGE
ARG RUN_DIGEST
ARG VERSION
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.base.name="${RUN_IMAGE}"
LABEL org.opencontainers.image.base.digest="${RUN_DIGEST}"
LABEL org.opencontainers.image.version="${VERSION}"
LABEL org.opencontainers.image.revision="${REVISION}"
LABEL org.opencontainers.image.source="${SOURCE}"
