# Meander in a container of its own. `docker compose up` starts two of them; see docker-compose.yml.
FROM node:24.21-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node, so the one that npm would bring is left out.
RUN npm ci --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-*

FROM node:24.21-slim
# As process 1 the server could not be ended by its own watchdog: the kernel keeps signals from inside away from it.
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/* \
  && mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/drizzle ./drizzle
COPY --from=build /app/static ./static
COPY --from=build /app/build ./build
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--"]
CMD ["node", "build/server-main.js"]
