/** Where drizzle-kit finds the schema and puts the migrations. It knows no database: migrations are made from the schema alone. */
import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './src/store/schema.ts', out: './drizzle' })
