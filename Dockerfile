FROM node:22-bookworm-slim AS build
WORKDIR /kubecensus
COPY . .
RUN npm ci --ignore-scripts && npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
WORKDIR /kubecensus
COPY --from=build /kubecensus .
# A new volume takes its owner from the folder that it is put on.
RUN mkdir /published && chown node:node /published
USER node
CMD ["node", "services/cli/bin/kubecensus.js", "--help"]
