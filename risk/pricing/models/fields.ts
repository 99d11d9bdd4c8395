import { z } from 'zod'

/** Fields that most products share, so that the same thing has the same name, unit and range in all of them. */
export const optionType = z.enum(['call', 'put'])
export const spot = z.number().min(1e-9).max(1e15).describe('price of the underlying now')
export const forward = z.number().min(1e-9).max(1e15).describe('price for delivery at expiry')
export const strike = z.number().min(1e-9).max(1e15)
export const barrier = z.number().min(1e-9).max(1e15).describe('price level')
export const rate = z.number().min(-1).max(1).describe('continuously compounded, per year; 0.05 is 5 %')
export const dividendYield = z.number().min(-1).max(1).describe('income of the underlying or foreign rate, same form as rate')
export const vol = z.number().min(0).max(100).describe('annualised; 0.8 is 80 %')
export const timeToExpiry = z.number().min(0).max(100).describe('years')
export const correlation = z.number().min(-1).max(1)
